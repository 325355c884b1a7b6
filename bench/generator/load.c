/*
 * A load on a server that passes messages on to the members of rooms, the same for every kind of server.
 *
 * All clients connect and join first. Then the publishers of each room either keep so many messages on their way, each
 * sending the next when an own one has come back, or all of them together send at a fixed rate. After a warm-up it is
 * counted what members receive, how long an own message takes to come back, and what that costs the server's process by
 * the kernel's books, all of its threads. Or they storm, see storm.c. One thread that never sleeps while it counts: give
 * it a core of its own. What it found is one line of JSON.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "load.h"

struct options options = {"127.0.0.1", 7000, 10, 10, 1, 1, 0, 64, 5, 1, 0, 0};
const struct protocol *protocol;

/* How all connected. */
static struct {
  double seconds;
  double server_cpu;
  uint32_t p50_us;
  uint32_t p99_us;
  long rss_kb; /* what it added */
} joining;

void give_up(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

static void join(void) {
  long rss_kb = server_rss_kb();
  uint64_t start_us = now_us();
  double cpu = server_cpu();
  connect_all();
  joining.seconds = (now_us() - start_us) / 1e6;
  joining.server_cpu = server_cpu() - cpu;
  sort_samples();
  joining.p50_us = percentile(0.5);
  joining.p99_us = percentile(0.99);
  forget_samples();
  /* What joining made is in the memory of the idle connection; what it left in the air is not. */
  usleep(300000);
  poll_clients(0);
  joining.rss_kb = server_rss_kb() - rss_kb;
}

static void run_until(uint64_t start_us, uint64_t end_us) {
  while (now_us() < end_us) {
    if (options.rate > 0) send_due(start_us, options.rooms * options.publishers);
    poll_clients(options.rate > 0 ? 0 : 5);
  }
}

static void measure_work(void) {
  uint64_t start_us = now_us();
  if (options.rate == 0)
    for (int number = 0; number < options.rooms * options.publishers; number += 1) {
      publish(&clients[number], options.window, now_us());
      flush(&clients[number]);
    }
  run_until(start_us, start_us + options.warmup * 1e6);
  double server = server_cpu(), own = own_cpu();
  uint64_t counted_from_us = now_us();
  is_counting = 1;
  run_until(start_us, counted_from_us + options.seconds * 1e6);
  double seconds = (now_us() - counted_from_us) / 1e6;
  server = server_cpu() - server;
  own = own_cpu() - own;
  if (options.publishers > 0 && !deliveries) give_up("nothing was delivered in %.1f s", seconds);
  sort_samples();
  printf("{\"connections\":%d,\"publishedPerSecond\":%.0f,\"deliveriesPerSecond\":%.0f,", client_count,
         published / seconds, deliveries / seconds);
  printf("\"p50Us\":%u,\"p99Us\":%u,\"maxUs\":%u,", percentile(0.5), percentile(0.99), percentile(1));
  printf("\"serverCpuPercent\":%.1f,\"cpuUsPerDelivery\":%.4f,\"generatorCpuPercent\":%.1f,", server / seconds * 100,
         deliveries ? server * 1e6 / deliveries : 0, own / seconds * 100);
  printf("\"joinP50Us\":%u,\"joinP99Us\":%u,\"connectsPerSecond\":%.0f,\"cpuUsPerConnection\":%.2f,", joining.p50_us,
         joining.p99_us, client_count / joining.seconds, joining.server_cpu * 1e6 / client_count);
  printf("\"rssMb\":%.1f,\"rssKbPerConnection\":%.2f}\n", server_rss_kb() * 1024 / 1e6,
         (double)joining.rss_kb / client_count);
}

static void read_options(int count, char **values) {
  for (int letter; (letter = getopt(count, values, "x:h:p:r:m:P:w:q:l:d:u:s:S")) != -1;) {
    switch (letter) {
      case 'x': protocol = find_protocol(optarg); break;
      case 'h': options.host = optarg; break;
      case 'p': options.port = atoi(optarg); break;
      case 'r': options.rooms = atoi(optarg); break;
      case 'm': options.members = atoi(optarg); break;
      case 'P': options.publishers = atoi(optarg); break;
      case 'w': options.window = atoi(optarg); break;
      case 'q': options.rate = atof(optarg); break;
      case 'l': options.payload = atoi(optarg); break;
      case 'd': options.seconds = atof(optarg); break;
      case 'u': options.warmup = atof(optarg); break;
      case 's': options.server_pid = atoi(optarg); break;
      case 'S': options.is_storm = 1; break;
      default: exit(2);
    }
  }
  if (!protocol) give_up("-x names the protocol");
  if (options.payload < STAMP_LENGTH || options.payload > MAX_PAYLOAD) give_up("no such payload: %d", options.payload);
  if (options.rooms < 1 || options.members < 1 || options.publishers > options.members) give_up("no such rooms");
  if (options.is_storm && (options.rooms < 2 || options.rate == 0)) give_up("a storm takes two rooms and a rate");
}

int main(int count, char **values) {
  read_options(count, values);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  join();
  if (options.is_storm) measure_storm();
  else measure_work();
  return 0;
}
