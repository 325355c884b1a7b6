/* What the parts of the load generator share. */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>
#include <stdint.h>

/* A message begins with its stamp: '~', the publisher's number in 4 hex digits, and its time in 11. */
#define MARK_LENGTH 5
#define STAMP_LENGTH 16

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
  long stamp_at; /* where the stamp is in own messages that come back; -1: not known yet */
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

const struct protocol *find_protocol(const char *name);

/* For protocols: */
void put(struct client *client, const void *bytes, size_t length);
void put_text(struct client *client, const char *format, ...) __attribute__((format(printf, 2, 3)));
void became_ready(struct client *client);
void received(struct client *client, const char *bytes, size_t length);
void give_up(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
