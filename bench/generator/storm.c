/*
 * What happens when all clients are cut off and come back at once. The members of the first room stay, and one of them
 * goes on publishing at the rate of the options: what its messages take is what the storm does to bystanders. In the end
 * somebody in each room says something, which everybody must hear.
 */
#include <stdio.h>

#include "load.h"

#define BACK_SECONDS 60
#define HEAR_SECONDS 10
/* Of those who stay nobody may wait for this program. */
#define CLIENTS_AT_A_TIME 8

static uint64_t started_us;

static int is_cut(const struct client *client) {
  return client->room != 0;
}

static void go_on(void) {
  send_due(started_us, 1);
  poll_clients(0);
}

static void go_on_until(uint64_t end_us) {
  while (now_us() < end_us) go_on();
}

static void for_those_who_are_cut(void (*act)(struct client *client)) {
  for (int number = 0; number < client_count; number += 1) {
    if (is_cut(&clients[number])) act(&clients[number]);
    if (number % CLIENTS_AT_A_TIME == 0) go_on();
  }
}

static int hear_each_other(void) {
  uint64_t deadline_us = now_us() + HEAR_SECONDS * 1000000ull;
  for (int number = 0; number < client_count; number += 1) clients[number].received = 0;
  for (int number = 0; number < options.rooms; number += 1) {
    publish(&clients[number], 1, now_us());
    flush(&clients[number]);
  }
  for (;;) {
    poll_clients(10);
    int deaf = 0;
    for (int number = 0; number < client_count; number += 1) deaf += clients[number].received == 0;
    if (deaf == 0 || now_us() > deadline_us) return deaf;
  }
}

void measure_storm(void) {
  started_us = now_us();
  go_on_until(started_us + options.warmup * 1e6);
  is_counting = 1;
  forget_samples();
  go_on_until(now_us() + options.seconds * 1e6);
  sort_samples();
  uint32_t calm_p99_us = percentile(0.99);

  forget_samples();
  deliveries = 0;
  double server = server_cpu(), own = own_cpu();
  uint64_t cut_us = now_us();
  for_those_who_are_cut(cut);
  for_those_who_are_cut(connect_client);
  while (ready_count < client_count) {
    go_on();
    if (now_us() > cut_us + BACK_SECONDS * 1000000ull) give_up("only %d of %d came back", ready_count, client_count);
  }
  double seconds = (now_us() - cut_us) / 1e6;
  server = server_cpu() - server;
  own = own_cpu() - own;
  double delivered = deliveries / seconds;
  sort_samples();
  uint32_t p50_us = percentile(0.5), p99_us = percentile(0.99), max_us = percentile(1);
  int lost = hear_each_other();

  printf("{\"connections\":%d,\"rejoinSeconds\":%.4f,\"cpuUsPerConnection\":%.2f,\"retries\":%d,\"lost\":%d,", client_count,
         seconds, server * 1e6 / (client_count - options.members), retries, lost);
  printf("\"deliveriesPerSecond\":%.0f,\"calmP99Us\":%u,\"p50Us\":%u,\"p99Us\":%u,\"maxUs\":%u,", delivered, calm_p99_us, p50_us,
         p99_us, max_us);
  printf("\"serverCpuPercent\":%.1f,\"generatorCpuPercent\":%.1f,\"rssMb\":%.1f}\n", server / seconds * 100,
         own / seconds * 100, server_rss_kb() * 1024 / 1e6);
}
