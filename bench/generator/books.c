/* What the kernel knows of the server and of this program. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "load.h"

uint64_t now_us(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000ull + time.tv_nsec / 1000;
}

double server_cpu(void) {
  clockid_t clock;
  struct timespec time;
  if (clock_getcpuclockid(options.server_pid, &clock) || clock_gettime(clock, &time))
    give_up("no account of process %d", options.server_pid);
  return time.tv_sec + time.tv_nsec / 1e9;
}

double own_cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

long server_rss_kb(void) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", options.server_pid);
  FILE *file = fopen(path, "r");
  long kilobytes = 0;
  if (!file) return 0;
  while (fgets(line, sizeof line, file)) if (sscanf(line, "VmRSS: %ld", &kilobytes) == 1) break;
  fclose(file);
  return kilobytes;
}
