/* What the parts of the load generator share. */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>
#include <stdint.h>

/* A message begins with its stamp: '~', the publisher's number in 4 hex digits, and its time in 11. */
#define MARK_LENGTH 5
#define STAMP_LENGTH 16
#define MAX_PAYLOAD 65536

struct options {
  const char *host;
  int port;
  int rooms;
  int members;
  int publishers;
  int window;
  double rate;
  int payload;
  double seconds;
  double warmup;
  int server_pid;
  int is_storm;
};

struct buffer {
  char *bytes;
  size_t length;
  size_t capacity;
};

struct client {
  int socket;
  int number;
  int room;
  int is_publisher;
  int is_ready;
  int stage; /* of the protocol's greeting; what it means is the protocol's business */
  int due;   /* messages to send when the current read has been taken */
  int waits_to_write;
  uint32_t received;
  uint64_t connects_us; /* when it began to connect */
  long stamp_at;        /* where the stamp is in own messages that come back; -1: not known yet */
  char mark[MARK_LENGTH + 1];
  struct buffer in;
  struct buffer out;
  size_t out_at;
};

/* How one kind of server is talked to. */
struct protocol {
  const char *name;
  void (*greet)(struct client *client);
  void (*publish)(struct client *client, const char *text, size_t length);
  /* Takes the first message of `bytes`; returns how long it is, 0 when it is not complete yet. */
  size_t (*take)(struct client *client, char *bytes, size_t length);
};

extern struct options options;
extern const struct protocol *protocol;

const struct protocol *find_protocol(const char *name);
void give_up(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* For protocols: */
void put(struct client *client, const void *bytes, size_t length);
void put_text(struct client *client, const char *format, ...) __attribute__((format(printf, 2, 3)));
void became_ready(struct client *client);
void received(struct client *client, const char *bytes, size_t length);

/* The crowd: client n is in room n modulo the number of rooms, so the first ones are the publishers. */
extern struct client *clients;
extern int client_count, ready_count, is_counting;
extern uint64_t published, deliveries;

void connect_all(void);
void publish(struct client *client, int count, uint64_t leaves_us);
void flush(struct client *client);
void poll_clients(int wait_ms);
/* Sends what the first `publishers` clients owe since `start_us`, by turns, at the rate of the options. */
void send_due(uint64_t start_us, int publishers);
/* Cuts one off, whatever is on its way. */
void cut(struct client *client);
void connect_client(struct client *client);
/* Connections that the server ended before they were in their rooms, and that were made again. */
extern int retries;

/* Times in µs that were noted since the last `forget_samples`. */
void forget_samples(void);
void sort_samples(void);
uint32_t percentile(double share);

/* The books of the kernel. */
uint64_t now_us(void);
/* Processor time so far, in seconds, all threads. */
double server_cpu(void);
double own_cpu(void);
long server_rss_kb(void);

void measure_storm(void);

#endif
