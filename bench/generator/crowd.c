/* The clients: their connections, what they send, and what they note of what they receive. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

#define EVENTS 512
#define READ_BYTES (1 << 18)
#define MAX_SAMPLES (1 << 23)
/* An address has fewer ports than that; further clients come from the next one. */
#define CLIENTS_PER_ADDRESS 10000
/* Fits the queues of connections that servers have by default; who finds no place waits for a second. */
#define JOINING_AT_ONCE 256
#define JOIN_SECONDS 120

struct client *clients;
int client_count, ready_count, is_counting, retries;
uint64_t published, deliveries;

static int poller;
static uint64_t sample_count;
static uint32_t *samples;
static char filler[MAX_PAYLOAD + 1];

static void note_sample(uint64_t us) {
  if (sample_count < MAX_SAMPLES) samples[sample_count++] = us;
}

void forget_samples(void) {
  sample_count = 0;
}

static int by_size(const void *one, const void *other) {
  uint32_t first = *(const uint32_t *)one, second = *(const uint32_t *)other;
  return first < second ? -1 : first > second;
}

void sort_samples(void) {
  qsort(samples, sample_count, sizeof *samples, by_size);
}

uint32_t percentile(double share) {
  return sample_count ? samples[(size_t)((sample_count - 1) * share)] : 0;
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
  if (client->is_ready) return;
  client->is_ready = 1;
  ready_count += 1;
  if (!is_counting) note_sample(now_us() - client->connects_us);
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
  client->received += 1;
  if (!client->is_publisher) return;
  const char *stamp = own_stamp(client, bytes, length);
  if (!stamp) return;
  char digits[STAMP_LENGTH - MARK_LENGTH + 1] = {0};
  memcpy(digits, stamp + MARK_LENGTH, STAMP_LENGTH - MARK_LENGTH);
  if (is_counting) note_sample(now_us() - strtoull(digits, NULL, 16));
  if (options.rate == 0) client->due += 1;
}

static void watch(struct client *client, int operation, int waits_to_write) {
  struct epoll_event event = {.events = EPOLLIN | (waits_to_write ? EPOLLOUT : 0), .data.ptr = client};
  epoll_ctl(poller, operation, client->socket, &event);
  client->waits_to_write = waits_to_write;
}

/* In a storm a server may turn clients away, who come again; else nobody is to be disconnected. */
static void was_disconnected(struct client *client, const char *reason) {
  if (!options.is_storm || client->is_ready) give_up("client %d was disconnected: %s", client->number, reason);
  retries += 1;
  cut(client);
  connect_client(client);
}

void flush(struct client *client) {
  while (client->out_at < client->out.length) {
    ssize_t sent = send(client->socket, client->out.bytes + client->out_at, client->out.length - client->out_at,
                        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN) break;
    if (sent < 0) {
      was_disconnected(client, strerror(errno));
      return;
    }
    client->out_at += sent;
  }
  if (client->out_at == client->out.length) client->out_at = client->out.length = 0;
  int waits = client->out.length > 0;
  if (waits != client->waits_to_write) watch(client, EPOLL_CTL_MOD, waits);
}

void publish(struct client *client, int count, uint64_t leaves_us) {
  char text[MAX_PAYLOAD + 1];
  int head = snprintf(text, sizeof text, "%s%011llx", client->mark, (unsigned long long)leaves_us);
  memcpy(text + head, filler, options.payload - head);
  for (int index = 0; index < count; index += 1) protocol->publish(client, text, options.payload);
  if (is_counting) published += count;
}

void send_due(uint64_t start_us, int publishers) {
  static uint64_t sent;
  uint64_t now = now_us();
  for (uint64_t due = (now - start_us) * options.rate / 1e6; sent < due; sent += 1) {
    /* One that could not leave in time counts from when it was due. */
    struct client *client = &clients[sent % publishers];
    uint64_t due_us = start_us + (sent + 1) * 1e6 / options.rate;
    publish(client, 1, now - due_us > 1000 ? due_us : now);
    flush(client);
  }
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

void poll_clients(int wait_ms) {
  static struct epoll_event events[EVENTS];
  static char bytes[READ_BYTES];
  int count = epoll_wait(poller, events, EVENTS, wait_ms);
  for (int index = 0; index < count; index += 1) {
    struct client *client = events[index].data.ptr;
    if (events[index].events & ~EPOLLOUT) {
      ssize_t length = recv(client->socket, bytes, sizeof bytes, MSG_DONTWAIT);
      if (length > 0) take(client, bytes, length);
      else if (length == 0 || errno != EAGAIN)
        was_disconnected(client, length ? strerror(errno) : "the end of the stream");
    }
    if (client->due) publish(client, client->due, now_us());
    client->due = 0;
    if (client->out.length) flush(client);
  }
}

static void bind_to_own_address(struct client *client) {
  int on = 1;
  uint32_t address = INADDR_LOOPBACK + 1 + client->number / CLIENTS_PER_ADDRESS;
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
  setsockopt(client->socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (bind(client->socket, (void *)&from, sizeof from)) give_up("cannot bind: %s", strerror(errno));
}

void connect_client(struct client *client) {
  client->connects_us = now_us();
  client->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (client->socket < 0) give_up("no socket for client %d: %s", client->number, strerror(errno));
  int on = 1;
  setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(options.port)};
  if (inet_pton(AF_INET, options.host, &to.sin_addr) != 1) give_up("not an IPv4 address: %s", options.host);
  if (client_count > CLIENTS_PER_ADDRESS) bind_to_own_address(client);
  if (connect(client->socket, (void *)&to, sizeof to) && errno != EINPROGRESS)
    give_up("client %d cannot connect to %s:%d: %s", client->number, options.host, options.port, strerror(errno));
  watch(client, EPOLL_CTL_ADD, 0);
  protocol->greet(client);
  flush(client);
}

void cut(struct client *client) {
  close(client->socket);
  ready_count -= client->is_ready;
  client->is_ready = client->stage = client->due = 0;
  client->in.length = client->out.length = client->out_at = 0;
}

static void poll_before(uint64_t deadline_us) {
  poll_clients(100);
  if (now_us() > deadline_us) give_up("only %d of %d clients could join", ready_count, client_count);
}

void connect_all(void) {
  poller = epoll_create1(0);
  samples = malloc(MAX_SAMPLES * sizeof *samples);
  for (int index = 0; index < MAX_PAYLOAD; index += 1) filler[index] = 'a' + index % 26;
  client_count = options.rooms * options.members;
  clients = calloc(client_count, sizeof *clients);
  uint64_t deadline_us = now_us() + JOIN_SECONDS * 1000000ull;
  for (int number = 0; number < client_count; number += 1) {
    struct client *client = &clients[number];
    client->number = number;
    client->room = number % options.rooms;
    client->is_publisher = number / options.rooms < options.publishers;
    client->stamp_at = -1;
    snprintf(client->mark, sizeof client->mark, "~%04x", number & 0xffff);
    while (number - ready_count >= JOINING_AT_ONCE) poll_before(deadline_us);
    connect_client(client);
  }
  while (ready_count < client_count) poll_before(deadline_us);
}
