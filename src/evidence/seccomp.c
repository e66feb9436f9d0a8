/*
 * A seccomp filter without a library (Documentation/userspace-api/seccomp_filter.rst).
 *
 * A list of what is refused, not of what is allowed: the C library, OpenSSL and the sanitizers call
 * what they like, differently in each version, and a list of allowed calls that misses one kills a
 * run at three in the morning. What a successful attack on a reader would want – the network,
 * another program, another process, a file changed – is refused; which files can be read is
 * Landlock's half.
 *
 * clone3 hides its flags in memory where a filter cannot look, so it answers ENOSYS and the C
 * library falls back to clone, which may make threads and nothing else. openat2 is the same.
 * Calls of another instruction set (int 0x80, x32) would have other numbers: they end the process.
 */
#include "evidence/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCH AUDIT_ARCH_AARCH64
#endif

/* LeakSanitizer looks at the process from a helper that shares its memory; tests only. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WATCHED 1
#endif
#endif

#ifdef OWN_ARCH

#define MAX_STEPS 512U

struct refused {
    int number;
    int answer; /* errno */
};

static const struct refused REFUSED[] = {
    /* the network */
    {SYS_socket, EPERM},
    {SYS_socketpair, EPERM},
    {SYS_connect, EPERM},
    {SYS_bind, EPERM},
    {SYS_listen, EPERM},
    {SYS_accept, EPERM},
    {SYS_accept4, EPERM},
    {SYS_sendto, EPERM},
    {SYS_sendmsg, EPERM},
    {SYS_sendmmsg, EPERM},
    /* other programs and processes */
    {SYS_execve, EPERM},
    {SYS_execveat, EPERM},
    {SYS_clone3, ENOSYS},
#ifndef WATCHED
    {SYS_ptrace, EPERM},
#endif
    {SYS_process_vm_readv, EPERM},
    {SYS_process_vm_writev, EPERM},
    {SYS_pidfd_open, EPERM},
    {SYS_pidfd_getfd, EPERM},
    {SYS_pidfd_send_signal, EPERM},
    {SYS_tkill, EPERM},
    {SYS_rt_sigqueueinfo, EPERM},
    {SYS_rt_tgsigqueueinfo, EPERM},
    {SYS_process_madvise, EPERM},
    {SYS_kcmp, EPERM},
    {SYS_setns, EPERM},
    {SYS_unshare, EPERM},
    /* changing files */
    {SYS_openat2, ENOSYS},
    {SYS_open_by_handle_at, EPERM},
    {SYS_unlinkat, EPERM},
    {SYS_renameat2, EPERM},
    {SYS_mkdirat, EPERM},
    {SYS_mknodat, EPERM},
    {SYS_linkat, EPERM},
    {SYS_symlinkat, EPERM},
    {SYS_fchmod, EPERM},
    {SYS_fchmodat, EPERM},
    {SYS_fchown, EPERM},
    {SYS_fchownat, EPERM},
    {SYS_truncate, EPERM},
    {SYS_utimensat, EPERM},
    {SYS_setxattr, EPERM},
    {SYS_lsetxattr, EPERM},
    {SYS_fsetxattr, EPERM},
    {SYS_removexattr, EPERM},
    {SYS_lremovexattr, EPERM},
    {SYS_fremovexattr, EPERM},
    /* the system */
    {SYS_mount, EPERM},
    {SYS_umount2, EPERM},
    {SYS_pivot_root, EPERM},
    {SYS_chroot, EPERM},
    {SYS_move_mount, EPERM},
    {SYS_open_tree, EPERM},
    {SYS_fsopen, EPERM},
    {SYS_fsmount, EPERM},
    {SYS_fsconfig, EPERM},
    {SYS_fspick, EPERM},
    {SYS_bpf, EPERM},
    {SYS_perf_event_open, EPERM},
    {SYS_userfaultfd, EPERM},
    {SYS_io_uring_setup, EPERM},
    {SYS_io_uring_enter, EPERM},
    {SYS_io_uring_register, EPERM},
    {SYS_kexec_load, EPERM},
    {SYS_init_module, EPERM},
    {SYS_finit_module, EPERM},
    {SYS_delete_module, EPERM},
    {SYS_add_key, EPERM},
    {SYS_request_key, EPERM},
    {SYS_keyctl, EPERM},
    {SYS_quotactl, EPERM},
    {SYS_acct, EPERM},
    {SYS_swapon, EPERM},
    {SYS_swapoff, EPERM},
    {SYS_reboot, EPERM},
    {SYS_sethostname, EPERM},
    {SYS_setdomainname, EPERM},
    {SYS_settimeofday, EPERM},
    {SYS_clock_settime, EPERM},
#ifdef SYS_kexec_file_load
    {SYS_kexec_file_load, EPERM},
#endif
#ifdef SYS_renameat
    {SYS_renameat, EPERM},
#endif
#ifdef SYS_mount_setattr
    {SYS_mount_setattr, EPERM},
#endif
#ifdef SYS_fchmodat2
    {SYS_fchmodat2, EPERM},
#endif
#ifdef SYS_setxattrat
    {SYS_setxattrat, EPERM},
    {SYS_removexattrat, EPERM},
#endif
#ifdef __x86_64__ /* calls that younger architectures never had */
    {SYS_fork, EPERM},
    {SYS_vfork, EPERM},
    {SYS_creat, EPERM},
    {SYS_unlink, EPERM},
    {SYS_rmdir, EPERM},
    {SYS_rename, EPERM},
    {SYS_mkdir, EPERM},
    {SYS_mknod, EPERM},
    {SYS_link, EPERM},
    {SYS_symlink, EPERM},
    {SYS_chmod, EPERM},
    {SYS_chown, EPERM},
    {SYS_lchown, EPERM},
    {SYS_utime, EPERM},
    {SYS_utimes, EPERM},
    {SYS_futimesat, EPERM},
    {SYS_ioperm, EPERM},
    {SYS_iopl, EPERM},
    {SYS_modify_ldt, EPERM},
#endif
};

/* Any of these makes an open more than reading. O_TMPFILE shares a bit with O_DIRECTORY. */
#define OPEN_CHANGES                                                                               \
    ((uint32_t)(O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY)))

#ifdef WATCHED
#define CLONE_NEEDS ((uint32_t)CLONE_VM)
#else
#define CLONE_NEEDS ((uint32_t)CLONE_THREAD)
#endif

struct program {
    struct sock_filter steps[MAX_STEPS];
    unsigned short n;
};

static void add(struct program *program, uint16_t code, uint8_t if_true, uint8_t if_false,
                uint32_t k)
{
    if (program->n < MAX_STEPS)
        program->steps[program->n++] = (struct sock_filter){code, if_true, if_false, k};
}

static void add_load(struct program *program, size_t offset)
{
    add(program, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void add_return(struct program *program, uint32_t action)
{
    add(program, BPF_RET | BPF_K, 0, 0, action);
}

static uint32_t errno_action(int answer)
{
    return SECCOMP_RET_ERRNO | ((uint32_t)answer & SECCOMP_RET_DATA);
}

/* Low half of an argument; both architectures are little-endian, flags are 32 bits wide. */
static size_t argument_offset(unsigned argument)
{
    return offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t);
}

/* `number` fails with EPERM when any bit of *bits* is set in *argument* (or, with *when_clear*,
 * when none is). */
static void add_flag_check(struct program *program, int number, unsigned argument, uint32_t bits,
                           bool when_clear)
{
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)number);
    add_load(program, argument_offset(argument));
    add(program, BPF_JMP | BPF_JSET | BPF_K, when_clear ? 1 : 0, when_clear ? 0 : 1, bits);
    add_return(program, errno_action(EPERM));
    add_return(program, SECCOMP_RET_ALLOW);
}

/* ioctl(TIOCSTI) types into the terminal on behalf of the user; TIOCLINUX pastes. */
static void add_ioctl_check(struct program *program)
{
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, (uint32_t)SYS_ioctl);
    add_load(program, argument_offset(1));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, TIOCSTI);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, TIOCLINUX);
    add_return(program, errno_action(EPERM));
    add_return(program, SECCOMP_RET_ALLOW);
}

/* Signals to this process only: abort() and timers need them. Its number cannot change any more. */
static void add_signal_check(struct program *program, int number)
{
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)number);
    add_load(program, argument_offset(0));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, (uint32_t)getpid());
    add_return(program, errno_action(EPERM));
    add_return(program, SECCOMP_RET_ALLOW);
}

static void build(struct program *program)
{
    program->n = 0;
    add_load(program, offsetof(struct seccomp_data, arch));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, OWN_ARCH);
    add_return(program, SECCOMP_RET_KILL_PROCESS);
    add_load(program, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    add(program, BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000U); /* x32 */
    add_return(program, SECCOMP_RET_KILL_PROCESS);
    add_flag_check(program, SYS_open, 1, OPEN_CHANGES, false);
#endif
    add_flag_check(program, SYS_openat, 2, OPEN_CHANGES, false);
    add_flag_check(program, SYS_clone, 0, CLONE_NEEDS, true);
    add_ioctl_check(program);
    add_signal_check(program, SYS_kill);
    add_signal_check(program, SYS_tgkill);
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
        add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t)REFUSED[i].number);
        add_return(program, errno_action(REFUSED[i].answer));
    }
    add_return(program, SECCOMP_RET_ALLOW);
}

_Static_assert(sizeof REFUSED / sizeof REFUSED[0] * 2 + 40 <= MAX_STEPS, "the program fits");

int iw_seccomp_confine(void)
{
    struct program program;
    struct sock_fprog filter;
    long thread;

    build(&program);
    filter.len = program.n;
    filter.filter = program.steps;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0)
        return errno;
    thread = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
    if (thread < 0)
        return errno;
    return thread == 0 ? 0 : EBUSY; /* a thread with a filter of its own did not follow */
}

#else

int iw_seccomp_confine(void)
{
    return ENOTSUP;
}

#endif
