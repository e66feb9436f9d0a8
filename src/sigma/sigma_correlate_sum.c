/*
 * A fixed-point accumulator as wide as doubles are (after Kulisch): adding is exact, so taking away
 * undoes it. A sum of doubles that is only kept running would drift with every event that leaves
 * its window.
 */
#include "sigma/sigma_correlate_sum.h"

#include <math.h>
#include <string.h>

#define POINT 1074U /* the bit that is worth 1 */

/* Adds *magnitude* << *bit*. */
static void add_at(struct iw_correlate_sum *sum, uint64_t magnitude, unsigned bit, bool negative)
{
    unsigned at = bit / 64, shift = bit % 64;
    unsigned __int128 wide = (unsigned __int128)magnitude << shift;
    uint64_t parts[2] = {(uint64_t)wide, (uint64_t)(wide >> 64)};
    uint64_t carry = 0;

    for (unsigned i = at; i < IW_SUM_WORDS; i++) {
        uint64_t part = i - at < 2 ? parts[i - at] : 0, before = sum->words[i];
        if (i - at >= 2 && carry == 0)
            return;
        if (negative) {
            sum->words[i] = before - part - carry;
            carry = before < part || (carry != 0 && before == part);
        } else {
            sum->words[i] = before + part + carry;
            carry = sum->words[i] < before || (carry != 0 && sum->words[i] == before);
        }
    }
}

void iw_correlate_sum_whole(struct iw_correlate_sum *sum, uint64_t magnitude, bool negative)
{
    add_at(sum, magnitude, POINT, negative);
}

void iw_correlate_sum_real(struct iw_correlate_sum *sum, double real)
{
    uint64_t bits, mantissa;
    unsigned exponent;

    memcpy(&bits, &real, sizeof bits);
    mantissa = bits & (((uint64_t)1 << 52) - 1);
    exponent = (unsigned)(bits >> 52) & 0x7FFU;
    /* Subnormal numbers have the scale of the smallest exponent, without the hidden bit. */
    if (exponent != 0) {
        mantissa |= (uint64_t)1 << 52;
        exponent--;
    }
    add_at(sum, mantissa, exponent, bits >> 63 != 0);
}

static bool is_negative(const struct iw_correlate_sum *sum)
{
    return sum->words[IW_SUM_WORDS - 1] >> 63 != 0;
}

static struct iw_correlate_sum absolute(const struct iw_correlate_sum *sum)
{
    struct iw_correlate_sum result = *sum;
    uint64_t carry = 1;

    for (unsigned i = 0; is_negative(sum) && i < IW_SUM_WORDS; i++) {
        result.words[i] = ~sum->words[i] + carry;
        carry = carry != 0 && result.words[i] == 0;
    }
    return result;
}

/* The 64 bits whose lowest is *bit*. */
static uint64_t bits_at(const struct iw_correlate_sum *sum, unsigned bit)
{
    unsigned at = bit / 64, shift = bit % 64;
    uint64_t low = at < IW_SUM_WORDS ? sum->words[at] >> shift : 0;
    if (shift == 0 || at + 1 >= IW_SUM_WORDS)
        return low;
    return low | sum->words[at + 1] << (64 - shift);
}

static bool any_below(const struct iw_correlate_sum *sum, unsigned bit)
{
    for (unsigned i = 0; i < bit / 64; i++) {
        if (sum->words[i] != 0)
            return true;
    }
    return bit % 64 != 0 && (sum->words[bit / 64] & (((uint64_t)1 << bit % 64) - 1)) != 0;
}

double iw_correlate_sum_value(const struct iw_correlate_sum *sum)
{
    struct iw_correlate_sum plain = absolute(sum);
    unsigned top = 64 * IW_SUM_WORDS, low;
    uint64_t mantissa;
    double value;

    while (top != 0 && (plain.words[(top - 1) / 64] >> (top - 1) % 64 & 1) == 0)
        top--;
    low = top > 53 ? top - 53 : 0;
    mantissa = bits_at(&plain, low) & (((uint64_t)1 << 53) - 1);
    /* Half of the last place and more: up, or to even. */
    if (low != 0 && (bits_at(&plain, low - 1) & 1) != 0 &&
        ((mantissa & 1) != 0 || any_below(&plain, low - 1)))
        mantissa++;
    value = ldexp((double)mantissa, (int)low - (int)POINT);
    return is_negative(sum) ? -value : value;
}

bool iw_correlate_sum_is_whole(const struct iw_correlate_sum *sum, __int128 *ret)
{
    struct iw_correlate_sum plain = absolute(sum);
    unsigned __int128 value = (unsigned __int128)bits_at(&plain, POINT + 64) << 64;

    value |= bits_at(&plain, POINT);
    if (any_below(&plain, POINT) || value >> 127 != 0)
        return false;
    for (unsigned bit = POINT + 128; bit < 64 * IW_SUM_WORDS; bit += 64) {
        if (bits_at(&plain, bit) != 0)
            return false;
    }
    *ret = is_negative(sum) ? -(__int128)value : (__int128)value;
    return true;
}
