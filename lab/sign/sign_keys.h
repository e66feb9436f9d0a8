/*
 * The two keys of the lab's invented authority, RSA 2048, PKCS#1 DER in base64. They are test keys,
 * published with the lab so that the same scenario has the same bytes everywhere: they protect
 * nothing, and what they signed proves nothing.
 */
#ifndef IW_LAB_SIGN_KEYS_H
#define IW_LAB_SIGN_KEYS_H

static const char iw_lab_sign_root_key[] =
    "MIIEowIBAAKCAQEAuWWWv2IRwpKNEH+HAZ/YxMVMFUa7W6Hr5usJWZOVQjHWYQUJ77cJEx5zA7DubFn+ahrUh7wz"
    "R8YEgx7zCUe5yMYgeCkLXS9Q/paOKtvyP1gOyB6lJx6jgE4MDqlnFzzjHP4vY0dp3xQOxY6qt+nAdEYPfoZlG5xr"
    "h5EFYgzrGfg8s5+Eb1jHe31oStXafHFiNdHg9gPqe9o0/wH8JJkzasfiSTOoAtBCLQlYOrEe1CegFXwOZ+eiiJpw"
    "lMdhoRioXIM+A0/7gw+oGdfnHkyRwvyA8p3rdsKcrB+umXonoSU8pPUu0RDWKhuQjhfqrdKAvoyDJ1SAjrSoSe7G"
    "6G29IwIDAQABAoIBAFSRGFA4Ja3BN4NdCHIfPbuT236hAvlrRLXSZDNt9Fl7bjRXHg8wSH1mGESIwli+PCSeFG/N"
    "0v5cPtaomWeURhRk+46T+lEJMkLO3g6CwV9PhX6XK/JKMX5nG2zcrN+WsGobL/ZzLsHI3mwTBaBaiaUACDVIjHop"
    "wYrXBcOR7POs1v/HR1O9luq5imhHLcfSDpMmlN+ApaVRnTyV4BeVoGt3pk/2te5ijwfxuVXDGdpD9+eeA6Xawsxk"
    "BsZdHDgzVRNlDftYJ7ZByGMNYW3jYb9w6CSsIuxCV8BvoW133aBqqNWaeO+LeCNq3lLGxQGS1teV3QOzS7rftNsw"
    "six/joECgYEA4Ar8qgZ4+8HDT70VaejnDshHlt9iJGy9+jhkZGBXSoFdHUza3ePNnSxRB0TP16q2izQLOVJzD/xv"
    "j9caFO9JumIBAF8OE/a8aTslhHCZOkAqnYY2I3w5UckBnUMosBPxjwEeUPvtk3oiBrouyg+VEOhSd23Km7i8wz9O"
    "xSI/J+ECgYEA09ds29tTyuaUQJTc8FqK3t34YfroOZ3NnG7umT6DgcM0qqW+N7VmYZGcBz/dnbYBjEK5TcNYGfq7"
    "x+/7ACi551O0vLAKLkND01r9o1/INLOXrTgzCGzDhlz7jsAIg1DGU9/KV4nGUGGtg1bw/ZtzF7+CkwQf95awL3xW"
    "Ewcy9YMCgYB9hepVoFa8Rq0Uyc1rjy+VWqSxZOppmfs+a8Xjbw65EY2H0v11ACK9Ao1LU0RXgq/PghMfxI/uzvH6"
    "Vvun6wEVyb7h5F/Q05ZwJtE4SJWwyy6VHxLKAtlidwnOgEgVjrbx9iB0IxHSZMUXm8yHLP/Jf0Bk5UB0yqYHhjqt"
    "vChCQQKBgHriz5ol+9CKu1tPP28KBt7LwqcLxqSNntVtIGmy8tRWaXnIVbS5PN/CeNFXwfYXu4QivJ2YgMXpRf7w"
    "fhkUhurjCsgeEnnNuU2kzdd0241+1LC+FhSAC1gpHiAr04RhWfsTqavoFytPzjiPOZLUFwqipFsmHGkid6fEJ6Y4"
    "Gd6DAoGBANu3b2lekJVB8qyIrvnxQ/HqPdqYCX8lGr9Qq7p63868SohEbgyEuyFapwVfxqCAZqQIKlh7rgZNZcfK"
    "zev2/QOXfdnnP4QvAHG10EwvGl1+kT29EkWfMaltJMXRLCCGTedvTzFj4AXecpFus0dZre1dpOx8oM0+vbnGD9VY"
    "a5eV";

static const char iw_lab_sign_code_key[] =
    "MIIEpAIBAAKCAQEAuUVXEv2uXvIO+q2MPHfKpJSzjdn3KwUwq9PNMPeHHVEKaygwN3sCAbA+2QUkpYnwzxf7OSss"
    "ItRbCKTeznV//P8pNibYJHTr2z+Xowl/Ei/UX5zO8jcilbvOZuVu5E90osHhU5Fit+SRFtWUxY8PxkeumchC1L45"
    "ir5KHsBvcdWlvn7eqHlYS24DUfInUl7J13BugNppnicXkQ4yfhIJGbtkqadka0tOXXx8kDZRCsVoNZLUtHHnNGDF"
    "qQdpn+/vO4L792USQTPU42JBMj+OXGn0EXYAGDH4EdwImIJAbyPHwWZV6PvEfE/OjB0hKANuLW0CGYtcr0UD88Wa"
    "dKb/xQIDAQABAoIBAA0tLk0ud5lPE9umPiQKzQG5ha+gAeEwZE7EKILEB/sAyYHngM5hVDo0g7PBluKjFdpUtUxS"
    "krgDbFoIB8SdPLYMm6y7RIILQr78Hde9lCkB99O4/krhuvb1PW+5/5IDSKNOsKzV2TSE8AC0vfjy/Mc4T+WmBYLF"
    "6KfCctkPDJ4G2bH5Sm9vPzY4V3Q3vowq4X/naORK6RVoRYIiGS12ukY6UrLPbYBZHf/aJZ0yZNwNBz2uiv7fgwTX"
    "hhatL0U/vJlyYjsqhAsVqznMyLA94BBYLOeFeJCG/ZbMW9OoTcJbZLQyJmnbD/1N4vjjgXtAYdJR20LaEAZZtC8R"
    "jP8I8/0CgYEA8veWyO8NF6EQRLzVAuPpTAKF0J0dQCUs4gyndJmq+hWd9IeMNCUWp6J8y1Gf/ydB2qNHpbHuCHjK"
    "EptNwOr9G2ha4OtUDX3fCt7u3vI5Oy4cLUqDLmVul6RuGcWl6svYzVZL7oX7zmr/pa1itYL/2HHB2NyAH+c4l/1P"
    "B0m6yP8CgYEAwzV4EpvWHDmv352rytsFFKoUsxtHHCneF7nrM3QImqKJlkxH4SQsgOO+hu8quJJlxK0Nr8iK5/7X"
    "Lw+F0FaIuREclt7EqbijCd45I0BEs5103lsq1jO/sLzaJ0jUdSC7BPx+mzwIX4BSLTiqzUHwW4e6c/NtnOAevKiK"
    "dCiQUzsCgYEA8piucPDntKk4UjntwpYIksGOFU9bLnowB4E1DqKE6nH9JnTVVBeYOEdwrZ5Rz/XFtmYEGvi/QKxC"
    "sDNrfm3jzaLz4tJ2OYZt1y/jeK6I4INY1QwqUYAr3bPrz0XfNcLWNait5nrXgzKpEic+gRhNFzP2pu776172ziO5"
    "7f/7RccCgYBb4xJXKBW8CYd46h4QidI1bO37dQ6e+jI51uEYwji+mV3MarG3D7EHJqzrlS713KuczZzQrsR7+eBO"
    "na7uZ51KB/z+I3RNM8VDAuDAcCMmrSpy9FUQqSFFT1AdB9JCJBsEeNobtkF2us9zy+XSYoSCgTxKEj75hiHRykAJ"
    "94IgOwKBgQC2j5vOpFUFdkQ0eZytbQhALbrnsjSlSULqsjObBYqiuODf5ijbRovIOWiuvQbfmGnxnTcpv/Sy6ZdX"
    "I6r3UgRXuCydT9tTpF09wXorOFRXptkAZcdh3W5c4uKKujTF0eHkoxAxIMF0n5ZfN4Hsc/cmiOG0YORkVWpc8BB2"
    "A0clFw==";

#endif
