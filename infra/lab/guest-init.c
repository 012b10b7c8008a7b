// The whole userland of a lab guest: it ticks, dirties a hot set of memory, and checks its own memory.
//
// One line every 100 ms on the serial console:
//   tick COUNTER MONOTONIC_NS gap MS paused MS mem ok|BAD CHECKS
// gap     largest time between two samples of the guest's own clock since the last line: the guest was late.
// paused  how long the guest's CPUs have stood still since boot. The guest's own clock stands still with them, so it is
//         held against the CMOS clock, which QEMU answers from the host's: each time its second changes, host time
//         passed minus guest time passed is the pause. Exact to about SAMPLE_NS, known up to a second late.
// CHECKS  how often the whole cold set has been found intact.
//
// The kernel hands unknown NAME=VALUE words of its command line to init as environment: drover_hot (MiB, 0),
// drover_rate (MiB/s dirtied in the hot set, 0), drover_words (of the 512 in a page, how many it writes: its CPU's part in it, 1),
// drover_cold (MiB that is filled once and only read, 16), drover_end (poweroff, reboot or panic: how it ends itself, once, with a line "end HOW"; nothing)
// and drover_end_after (seconds after its first tick, 20).
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, WORDS = PAGE / 8, LINE_MS = 100, COLD_PAGES_PER_SAMPLE = 8 };
static const int64_t SAMPLE_NS = 5000000, MS = 1000000, SECOND = 1000000000;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static uint64_t mixed(uint64_t x) {  // splitmix64: every word of memory differs, so that a lost or swapped page shows
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

static int number(const char *name, int otherwise) {
    const char *text = getenv(name);
    return text ? atoi(text) : otherwise;
}

static uint64_t *memory(size_t pages) {
    uint64_t *start = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (start == MAP_FAILED) {
        printf("guest-init: not enough memory for the hot and cold sets\n");
        for (;;) pause();
    }
    for (size_t word = 0; word < pages * WORDS; word++) start[word] = mixed(word);
    return start;
}

static int cmos(int index) {
    outb(index, 0x70);
    int bcd = inb(0x71);
    return (bcd >> 4) * 10 + (bcd & 15);
}

// A byte of the clock's memory that nobody else uses: it outlives a reboot, so that a guest ends itself once.
static const int ENDED = 0x40;

static int has_ended(void) {
    outb(ENDED, 0x70);
    return inb(0x71) == 1;
}

static void end(const char *how) {
    printf("end %s\n", how);
    outb(ENDED, 0x70);
    outb(1, 0x71);
    if (*how == 'r') reboot(RB_AUTOBOOT);
    if (*how == 'p' && how[1] == 'o') reboot(RB_POWER_OFF);
    exit(1);  // init's exit is a kernel's panic
}

static int second_of_host(void) { return cmos(0); }

// The date, read twice until both agree: the second may change in between.
static int64_t host_time(void) {
    struct tm first, t;
    memset(&first, 0, sizeof first);
    for (;;) {
        memset(&t, 0, sizeof t);
        t.tm_sec = cmos(0), t.tm_min = cmos(2), t.tm_hour = cmos(4);
        t.tm_mday = cmos(7), t.tm_mon = cmos(8) - 1, t.tm_year = cmos(9) + 100;
        if (memcmp(&first, &t, sizeof t) == 0) return timegm(&t);
        first = t;
    }
}

// Host time at the newest change of the CMOS clock's second, and the guest's own time then.
struct edge {
    int64_t host_s, guest_ns;
};

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    ioperm(0x70, 2, 1);
    const size_t hot_pages = (size_t)number("drover_hot", 0) * 256, cold_pages = (size_t)number("drover_cold", 16) * 256;
    const int64_t rate_pages = (int64_t)number("drover_rate", 0) * 256;
    const uint64_t words = number("drover_words", 1) < WORDS ? number("drover_words", 1) : WORDS;
    uint64_t *hot = memory(hot_pages ? hot_pages : 1), *cold = memory(cold_pages ? cold_pages : 1);
    printf("\nboot hot %zu MiB at %lld MiB/s, cold %zu MiB\n", hot_pages / 256, (long long)rate_pages / 256, cold_pages / 256);

    int last_second = second_of_host();
    struct edge start = {0, 0}, edge = {0, 0};
    int64_t began = now(), sampled = began, dirtied_at = began, line_due = began + LINE_MS * MS, gap = 0, paused_ns = 0;
    uint64_t counter = 0, dirtied = 0, cold_page = 0, checks = 0;
    int intact = 1;
    const char *how = getenv("drover_end");
    const uint64_t last_tick = how && *how && !has_ended() ? (uint64_t)number("drover_end_after", 20) * 1000 / LINE_MS : 0;

    for (int64_t wake = began;;) {
        wake += SAMPLE_NS;
        struct timespec until = {wake / SECOND, wake % SECOND};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        int64_t t = now(), since = t - sampled;
        if (since > gap) gap = since;
        if (t - wake > SAMPLE_NS) wake = t;

        int second = second_of_host();
        if (second != last_second) {
            last_second = second;
            // Seen by a late sample, the change itself may be long past: wait for a better one, but not for ever.
            if (since < 3 * SAMPLE_NS || t - edge.guest_ns > 3 * SECOND) {
                edge.host_s = host_time(), edge.guest_ns = t - since / 2;
                if (!start.host_s) start = edge;
                paused_ns = (edge.host_s - start.host_s) * SECOND - (edge.guest_ns - start.guest_ns);
            }
        }
        sampled = t;

        // The hot set: each visit finds what the last visit left in this page and leaves something else.
        uint64_t due = hot_pages ? (uint64_t)((t - dirtied_at) * rate_pages / SECOND) : 0;
        if (due > hot_pages) due = hot_pages, dirtied_at = t;  // too late to catch up: the whole set once
        else if (due) dirtied_at += (int64_t)due * SECOND / rate_pages;
        for (uint64_t end = dirtied + due; dirtied < end; dirtied++) {
            uint64_t page = dirtied % hot_pages, visit = dirtied / hot_pages;
            for (uint64_t word = page * WORDS; word < page * WORDS + words; word++) {
                if (hot[word] != mixed(word) + visit) intact = 0;
                hot[word] = mixed(word) + visit + 1;
            }
        }

        for (int i = 0; i < COLD_PAGES_PER_SAMPLE && cold_pages; i++) {
            for (uint64_t word = cold_page * WORDS, end = word + WORDS; word < end; word++)
                if (cold[word] != mixed(word)) intact = 0;
            if (++cold_page == cold_pages) cold_page = 0, checks++;
        }

        if (t < line_due || !start.host_s) continue;
        line_due = t - line_due > LINE_MS * MS ? t + LINE_MS * MS : line_due + LINE_MS * MS;
        printf("tick %llu %lld gap %lld paused %lld mem %s %llu\n", (unsigned long long)++counter, (long long)t,
               (long long)(gap / MS), (long long)(paused_ns / MS), intact ? "ok" : "BAD", (unsigned long long)checks);
        gap = 0;
        if (last_tick && counter == last_tick) end(how);
    }
}
