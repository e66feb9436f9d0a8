# shellcheck shell=bash
# shellcheck disable=SC2034  # what is set here is used by whoever sources it
# Sourced by the scripts beside it: where the repository is, and how they speak.

export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cores=$(nproc)

# What is said goes to stderr; stdout is for what was asked for.
say() { printf '%s\n' "$*" >&2; }
die() {
    say "$(basename "$0"): $*"
    exit 1
}

# Prints a command as one could type it, then runs it.
show_and_run() {
    say ""
    say "\$ $*"
    "$@"
}
