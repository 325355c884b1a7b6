/*
 * A load on a server that passes messages on to the members of rooms, the same for every kind of server.
 *
 * All clients connect and join first. Then the publishers of each room either keep so many messages on their way, each
 * sending the next when an own one has come back, or all of them together send at a fixed rate. After a warm-up it is
 * counted what members receive, how long an own message takes to come back, and what that costs the server's process by
 * the kernel's books, all of its threads. One thread that never sleeps while it counts: give it a core of its own. What
 * it found is one line of JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

#define EVENTS 512
#define READ_BYTES (1 << 18)
#define MAX_PAYLOAD 65536
#define MAX_SAMPLES (1 << 23)
/* An address has fewer ports than that; further clients come from the next one. */
#define CLIENTS_PER_ADDRESS 20000
#define JOIN_SECONDS 120

struct options options = {"127.0.0.1", 7000, 10, 10, 1, 1, 0, 64, 5, 1, 0};

static const struct protocol *protocol;
static struct client *clients;
static int client_count, ready_count, poller, is_counting;
static uint64_t published, deliveries, sample_count;
static uint32_t *samples;
static char filler[MAX_PAYLOAD + 1];

void give_up(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

static uint64_t now_us(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000ull + time.tv_nsec / 1000;
}

static void reserve(struct buffer *buffer, size_t more) {
  if (buffer->length + more <= buffer->capacity) return;
  buffer->capacity = (buffer->length + more) * 2;
  buffer->bytes = realloc(buffer->bytes, buffer->capacity);
  if (!buffer->bytes) give_up("out of memory");
}

void put(struct client *client, const void *bytes, size_t length) {
  reserve(&client->out, length);
  memcpy(client->out.bytes + client->out.length, bytes, length);
  client->out.length += length;
}

void put_text(struct client *client, const char *format, ...) {
  static char text[MAX_PAYLOAD + 1024];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  put(client, text, length);
}

void became_ready(struct client *client) {
  if (!client->is_ready) ready_count += 1;
  client->is_ready = 1;
}

/* Where the stamp of an own message is, or NULL for the message of somebody else. */
static const char *own_stamp(struct client *client, const char *bytes, size_t length) {
  if (client->stamp_at >= 0 && client->stamp_at + STAMP_LENGTH <= (long)length && bytes[client->stamp_at] == '~') {
    const char *stamp = bytes + client->stamp_at;
    return memcmp(stamp, client->mark, MARK_LENGTH) ? NULL : stamp;
  }
  const char *found = memmem(bytes, length, client->mark, MARK_LENGTH);
  if (found) client->stamp_at = found - bytes;
  return found;
}

void received(struct client *client, const char *bytes, size_t length) {
  deliveries += is_counting;
  if (!client->is_publisher) return;
  const char *stamp = own_stamp(client, bytes, length);
  if (!stamp) return;
  char digits[STAMP_LENGTH - MARK_LENGTH + 1] = {0};
  memcpy(digits, stamp + MARK_LENGTH, STAMP_LENGTH - MARK_LENGTH);
  if (is_counting && sample_count < MAX_SAMPLES) samples[sample_count++] = now_us() - strtoull(digits, NULL, 16);
  if (options.rate == 0) client->due += 1;
}

static void watch(struct client *client, int operation, int waits_to_write) {
  struct epoll_event event = {.events = EPOLLIN | (waits_to_write ? EPOLLOUT : 0), .data.ptr = client};
  epoll_ctl(poller, operation, client->socket, &event);
  client->waits_to_write = waits_to_write;
}

static void flush(struct client *client) {
  while (client->out_at < client->out.length) {
    ssize_t sent = send(client->socket, client->out.bytes + client->out_at, client->out.length - client->out_at,
                        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN) break;
    if (sent < 0) give_up("client %d cannot send: %s", client->number, strerror(errno));
    client->out_at += sent;
  }
  if (client->out_at == client->out.length) client->out_at = client->out.length = 0;
  int waits = client->out.length > 0;
  if (waits != client->waits_to_write) watch(client, EPOLL_CTL_MOD, waits);
}

static void publish(struct client *client, int count, uint64_t leaves_us) {
  char text[MAX_PAYLOAD + 1];
  int head = snprintf(text, sizeof text, "%s%011llx", client->mark, (unsigned long long)leaves_us);
  memcpy(text + head, filler, options.payload - head);
  for (int index = 0; index < count; index += 1) protocol->publish(client, text, options.payload);
  if (is_counting) published += count;
}

/* The longest tail that is no whole message stays for the next read. */
static void take(struct client *client, char *bytes, size_t length) {
  int is_whole = client->in.length == 0;
  if (!is_whole) {
    reserve(&client->in, length);
    memcpy(client->in.bytes + client->in.length, bytes, length);
    client->in.length += length;
    bytes = client->in.bytes;
    length = client->in.length;
  }
  size_t at = 0;
  while (at < length) {
    size_t taken = protocol->take(client, bytes + at, length - at);
    if (!taken) break;
    at += taken;
  }
  size_t rest = length - at;
  if (is_whole && rest) reserve(&client->in, rest);
  if (rest) memmove(client->in.bytes, bytes + at, rest);
  client->in.length = rest;
}

static void poll_clients(int wait_ms) {
  static struct epoll_event events[EVENTS];
  static char bytes[READ_BYTES];
  int count = epoll_wait(poller, events, EVENTS, wait_ms);
  for (int index = 0; index < count; index += 1) {
    struct client *client = events[index].data.ptr;
    if (events[index].events & ~EPOLLOUT) {
      ssize_t length = recv(client->socket, bytes, sizeof bytes, MSG_DONTWAIT);
      if (length > 0) take(client, bytes, length);
      else if (length == 0 || errno != EAGAIN)
        give_up("client %d was disconnected: %s", client->number, length ? strerror(errno) : "the end of the stream");
    }
    if (client->due) publish(client, client->due, now_us());
    client->due = 0;
    if (client->out.length) flush(client);
  }
}

static void connect_client(struct client *client) {
  client->socket = socket(AF_INET, SOCK_STREAM, 0);
  if (client->socket < 0) give_up("no socket for client %d: %s", client->number, strerror(errno));
  int on = 1;
  setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(options.port)};
  if (inet_pton(AF_INET, options.host, &to.sin_addr) != 1) give_up("not an IPv4 address: %s", options.host);
  if (client_count > CLIENTS_PER_ADDRESS) {
    uint32_t address = INADDR_LOOPBACK + 1 + client->number / CLIENTS_PER_ADDRESS;
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    setsockopt(client->socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(client->socket, (void *)&from, sizeof from)) give_up("cannot bind: %s", strerror(errno));
  }
  if (connect(client->socket, (void *)&to, sizeof to))
    give_up("client %d cannot connect to %s:%d: %s", client->number, options.host, options.port, strerror(errno));
  watch(client, EPOLL_CTL_ADD, 0);
  protocol->greet(client);
  flush(client);
}

static void connect_all(void) {
  client_count = options.rooms * options.members;
  clients = calloc(client_count, sizeof *clients);
  for (int number = 0; number < client_count; number += 1) {
    struct client *client = &clients[number];
    client->number = number;
    client->room = number % options.rooms;
    client->is_publisher = number / options.rooms < options.publishers;
    client->stamp_at = -1;
    snprintf(client->mark, sizeof client->mark, "~%04x", number & 0xffff);
    connect_client(client);
    /* So that the server's queue of connections does not overflow. */
    if (number % 64 == 63) poll_clients(0);
  }
  uint64_t deadline = now_us() + JOIN_SECONDS * 1000000ull;
  while (ready_count < client_count) {
    poll_clients(100);
    if (now_us() > deadline) give_up("only %d of %d clients could join", ready_count, client_count);
  }
}

/* Processor time of the server so far, in seconds, all threads. */
static double server_cpu(void) {
  char path[64], line[1024] = {0};
  snprintf(path, sizeof path, "/proc/%d/stat", options.server_pid);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  size_t length = fread(line, 1, sizeof line - 1, file);
  fclose(file);
  line[length] = 0;
  unsigned long user = 0, system = 0;
  char *after_name = strrchr(line, ')');
  if (after_name) sscanf(after_name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

static long server_rss_kb(void) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", options.server_pid);
  FILE *file = fopen(path, "r");
  long kilobytes = 0;
  if (!file) return 0;
  while (fgets(line, sizeof line, file)) if (sscanf(line, "VmRSS: %ld", &kilobytes) == 1) break;
  fclose(file);
  return kilobytes;
}

static double own_cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int by_size(const void *one, const void *other) {
  uint32_t first = *(const uint32_t *)one, second = *(const uint32_t *)other;
  return first < second ? -1 : first > second;
}

static uint32_t percentile(double share) {
  return sample_count ? samples[(size_t)((sample_count - 1) * share)] : 0;
}

static void send_due(uint64_t start_us) {
  static uint64_t sent;
  int publisher_count = options.rooms * options.publishers;
  uint64_t now = now_us();
  for (uint64_t due = (now - start_us) * options.rate / 1e6; sent < due; sent += 1) {
    /* The publishers are the first clients. One that could not leave in time counts from when it was due. */
    struct client *client = &clients[sent % publisher_count];
    uint64_t due_us = start_us + (sent + 1) * 1e6 / options.rate;
    publish(client, 1, now - due_us > 1000 ? due_us : now);
    flush(client);
  }
}

static void run_until(uint64_t start_us, uint64_t end_us) {
  while (now_us() < end_us) {
    if (options.rate > 0) send_due(start_us);
    poll_clients(options.rate > 0 ? 0 : 5);
  }
}

static void measure(const char *name, double joined_s, long idle_kb) {
  uint64_t start = now_us();
  if (options.rate == 0)
    for (int number = 0; number < options.rooms * options.publishers; number += 1) {
      publish(&clients[number], options.window, now_us());
      flush(&clients[number]);
    }
  run_until(start, start + options.warmup * 1e6);
  double server = server_cpu(), own = own_cpu();
  uint64_t counted_from = now_us();
  is_counting = 1;
  run_until(start, counted_from + options.seconds * 1e6);
  double seconds = (now_us() - counted_from) / 1e6;
  server = server_cpu() - server;
  own = own_cpu() - own;
  if (options.publishers > 0 && !deliveries) give_up("nothing was delivered in %.1f s", seconds);
  qsort(samples, sample_count, sizeof *samples, by_size);
  printf("{\"protocol\":\"%s\",\"connections\":%d,\"publishedPerSecond\":%.0f,\"deliveriesPerSecond\":%.0f,", name,
         client_count, published / seconds, deliveries / seconds);
  printf("\"p50Us\":%u,\"p99Us\":%u,\"maxUs\":%u,", percentile(0.5), percentile(0.99), percentile(1));
  printf("\"serverCpuPercent\":%.1f,\"cpuUsPerDelivery\":%.4f,\"generatorCpuPercent\":%.1f,", server / seconds * 100,
         deliveries ? server * 1e6 / deliveries : 0, own / seconds * 100);
  printf("\"rssMb\":%.1f,\"rssKbPerConnection\":%.2f,\"connectsPerSecond\":%.0f}\n", server_rss_kb() * 1024 / 1e6,
         (double)idle_kb / client_count, client_count / joined_s);
}

static void read_options(int count, char **values) {
  for (int letter; (letter = getopt(count, values, "x:h:p:r:m:P:w:q:l:d:u:s:")) != -1;) {
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
      default: exit(2);
    }
  }
  if (!protocol) give_up("-x names the protocol");
  if (options.payload < STAMP_LENGTH || options.payload > MAX_PAYLOAD) give_up("no such payload: %d", options.payload);
  if (options.rooms < 1 || options.members < 1 || options.publishers > options.members) give_up("no such rooms");
}

int main(int count, char **values) {
  read_options(count, values);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  for (int index = 0; index < MAX_PAYLOAD; index += 1) filler[index] = 'a' + index % 26;
  samples = malloc(MAX_SAMPLES * sizeof *samples);
  poller = epoll_create1(0);

  long before_kb = server_rss_kb();
  uint64_t start = now_us();
  connect_all();
  double joined_s = (now_us() - start) / 1e6;
  /* What joining made is in the memory of the idle connection; what it left in the air is not. */
  usleep(300000);
  poll_clients(0);
  measure(protocol->name, joined_s, server_rss_kb() - before_kb);
  return 0;
}
