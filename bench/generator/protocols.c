/* The wire protocols of the servers that are compared. Each does the least that a client has to do. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

#define FIRST_USER 4000000000u

/* The part up to and with `mark`, or 0. */
static size_t up_to(const char *bytes, size_t length, const char *mark) {
  const char *found = memmem(bytes, length, mark, strlen(mark));
  return found ? (size_t)(found - bytes) + strlen(mark) : 0;
}

static int has(const char *bytes, size_t length, const char *word) {
  return memmem(bytes, length, word, strlen(word)) != NULL;
}

/* A message of gs, whatever it is framed by; `net` and `ws` servers of this folder say the same. */
static void take_game_message(struct client *client, const char *json, size_t length) {
  if (client->is_ready && has(json, length < 24 ? length : 24, "\"chat\"")) received(client, json, length);
  else if (has(json, length, "\"type\":\"error\"") || has(json, length, "\"type\":\"goodbye\""))
    give_up("the server says %.*s", (int)length, json);
  else if (has(json, length, "\"room_joined\"")) became_ready(client);
}

/* gs, lines */

static void greet_lines(struct client *client) {
  put_text(client, "{\"type\":\"hello\",\"userId\":%u}\n", FIRST_USER + client->number);
  put_text(client, "{\"type\":\"join_room\",\"roomId\":%d}\n", client->room + 1);
}

static void publish_line(struct client *client, const char *text, size_t length) {
  put_text(client, "{\"type\":\"chat\",\"roomId\":%d,\"message\":\"%.*s\"}\n", client->room + 1, (int)length, text);
}

static size_t take_line(struct client *client, char *bytes, size_t length) {
  char *end = memchr(bytes, '\n', length);
  if (!end) return 0;
  take_game_message(client, bytes, end - bytes);
  return end - bytes + 1;
}

/* Redis, RESP 3: publishing and receiving on one connection */

static void greet_redis(struct client *client) {
  put_text(client, "HELLO 3\r\nSUBSCRIBE room:%d\r\n", client->room);
}

static void publish_redis(struct client *client, const char *text, size_t length) {
  char channel[32];
  int channel_length = snprintf(channel, sizeof channel, "room:%d", client->room);
  put_text(client, "*3\r\n$7\r\nPUBLISH\r\n$%d\r\n%s\r\n$%zu\r\n%.*s\r\n", channel_length, channel, length, (int)length,
           text);
}

/* The length of the first `lines` lines, 0 when they are not all there. */
static size_t lines_length(const char *bytes, size_t length, int lines) {
  size_t at = 0;
  for (; lines > 0; lines -= 1) {
    const char *end = memchr(bytes + at, '\n', length - at);
    if (!end) return 0;
    at = end - bytes + 1;
  }
  return at;
}

static size_t take_redis(struct client *client, char *bytes, size_t length) {
  if (client->stage == 0) {
    /* The map that answers HELLO ends where the push that answers SUBSCRIBE begins. */
    size_t before = up_to(bytes, length, "subscribe\r\n");
    size_t rest = before ? lines_length(bytes + before, length - before, 3) : 0;
    if (!rest) return 0;
    client->stage = 1;
    became_ready(client);
    return before + rest;
  }
  if (bytes[0] == ':') return lines_length(bytes, length, 1);
  if (bytes[0] != '>') give_up("redis says %.*s", (int)(length < 60 ? length : 60), bytes);
  size_t whole = lines_length(bytes, length, 7);
  if (whole) received(client, bytes, whole);
  return whole;
}

/* NATS */

static void greet_nats(struct client *client) {
  put_text(client, "CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":true}\r\nSUB room.%d 1\r\nPING\r\n", client->room);
}

static void publish_nats(struct client *client, const char *text, size_t length) {
  put_text(client, "PUB room.%d %zu\r\n%.*s\r\n", client->room, length, (int)length, text);
}

static size_t take_nats(struct client *client, char *bytes, size_t length) {
  char *end = memchr(bytes, '\n', length);
  if (!end) return 0;
  size_t head = end - bytes + 1;
  if (bytes[0] == 'M') {
    char *last = memrchr(bytes, ' ', head);
    size_t whole = head + strtoul(last + 1, NULL, 10) + 2;
    if (whole > length) return 0;
    received(client, bytes + head, whole - head - 2);
    return whole;
  }
  if (bytes[0] == '-') give_up("nats says %.*s", (int)head, bytes);
  if (!strncmp(bytes, "PING", 4)) put_text(client, "PONG\r\n");
  if (!strncmp(bytes, "PONG", 4)) became_ready(client);
  return head;
}

/* MQTT 3.1.1, QoS 0 */

static void put_mqtt(struct client *client, int type, size_t length) {
  unsigned char head[5];
  int size = 0;
  head[size++] = type;
  do {
    head[size] = length % 128 | (length >= 128 ? 128 : 0);
    length /= 128;
    size += 1;
  } while (length > 0);
  put(client, head, size);
}

static void put_mqtt_text(struct client *client, const char *text, size_t length) {
  unsigned char size[2] = {length >> 8, length & 255};
  put(client, size, 2);
  put(client, text, length);
}

static void greet_mqtt(struct client *client) {
  char name[16];
  int length = snprintf(name, sizeof name, "c%d", client->number);
  put_mqtt(client, 0x10, 12 + length);
  put_mqtt_text(client, "MQTT", 4);
  put(client, "\x04\x02\x00\x00", 4);
  put_mqtt_text(client, name, length);
}

static void publish_mqtt(struct client *client, const char *text, size_t length) {
  char topic[24];
  int topic_length = snprintf(topic, sizeof topic, "room/%d", client->room);
  put_mqtt(client, 0x30, 2 + topic_length + length);
  put_mqtt_text(client, topic, topic_length);
  put(client, text, length);
}

static void subscribe_mqtt(struct client *client) {
  char topic[24];
  int length = snprintf(topic, sizeof topic, "room/%d", client->room);
  put_mqtt(client, 0x82, 5 + length);
  put(client, "\x00\x01", 2);
  put_mqtt_text(client, topic, length);
  put(client, "\x00", 1);
}

static size_t take_mqtt(struct client *client, char *bytes, size_t length) {
  size_t body = 0;
  size_t head = 1;
  for (int shift = 0;; shift += 7, head += 1) {
    if (head >= length) return 0;
    body |= (size_t)(bytes[head] & 127) << shift;
    if (!(bytes[head] & 128)) break;
  }
  head += 1;
  if (head + body > length) return 0;
  switch ((unsigned char)bytes[0] >> 4) {
    case 2: subscribe_mqtt(client); break;
    case 9: became_ready(client); break;
    case 3: received(client, bytes + head, body); break;
  }
  return head + body;
}

/* WebSocket, with the messages of gs in text frames, and Socket.IO 4 over it */

static void put_web(struct client *client, const char *text, size_t length) {
  unsigned char head[8] = {0x81};
  int size = 2;
  if (length < 126) head[1] = 0x80 | length;
  else {
    head[1] = 0x80 | 126;
    head[2] = length >> 8;
    head[3] = length & 255;
    size = 4;
  }
  /* A mask of zeros leaves the text as it is. */
  memset(head + size, 0, 4);
  put(client, head, size + 4);
  put(client, text, length);
}

static void upgrade(struct client *client, const char *path) {
  put_text(client,
           "GET %s HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Z3MtYmVuY2gtZ3MtYmVuYw==\r\n\r\n",
           path);
}

static void greet_websocket(struct client *client) {
  upgrade(client, "/");
}

static void greet_socketio(struct client *client) {
  upgrade(client, "/socket.io/?EIO=4&transport=websocket");
}

static void put_web_text(struct client *client, const char *format, int number) {
  char text[96];
  put_web(client, text, snprintf(text, sizeof text, format, number));
}

static void publish_websocket(struct client *client, const char *text, size_t length) {
  static char frame[80000];
  int size = snprintf(frame, sizeof frame, "{\"type\":\"chat\",\"roomId\":%d,\"message\":\"%.*s\"}", client->room + 1,
                      (int)length, text);
  put_web(client, frame, size);
}

static void publish_socketio(struct client *client, const char *text, size_t length) {
  static char frame[80000];
  int size = snprintf(frame, sizeof frame, "42[\"chat\",{\"roomId\":%d,\"message\":\"%.*s\"}]", client->room + 1, (int)length,
                      text);
  put_web(client, frame, size);
}

/* The text of the first frame, and by `whole` its length; NULL when it is not complete. */
static char *web_text(char *bytes, size_t length, size_t *text_length, size_t *whole) {
  if (length < 2) return NULL;
  size_t head = 2;
  uint64_t size = bytes[1] & 127;
  if (size >= 126) {
    size_t digits = size == 126 ? 2 : 8;
    if (length < head + digits) return NULL;
    size = 0;
    for (size_t index = 0; index < digits; index += 1) size = size << 8 | (unsigned char)bytes[head + index];
    head += digits;
  }
  if (length < head + size) return NULL;
  *text_length = size;
  *whole = head + size;
  return bytes + head;
}

/* 0: the upgrade is not complete; else its length, the first time only. */
static size_t take_upgrade(struct client *client, char *bytes, size_t length) {
  size_t head = up_to(bytes, length, "\r\n\r\n");
  if (head && !has(bytes, head, " 101 ")) give_up("the upgrade was answered by %.*s", (int)head, bytes);
  if (head) client->stage = 1;
  return head;
}

static size_t take_websocket(struct client *client, char *bytes, size_t length) {
  if (client->stage == 0) {
    size_t head = take_upgrade(client, bytes, length);
    if (head) put_web_text(client, "{\"type\":\"join_room\",\"roomId\":%d}", client->room + 1);
    return head;
  }
  size_t text_length, whole;
  char *text = web_text(bytes, length, &text_length, &whole);
  if (!text) return 0;
  take_game_message(client, text, text_length);
  return whole;
}

static size_t take_socketio(struct client *client, char *bytes, size_t length) {
  if (client->stage == 0) return take_upgrade(client, bytes, length);
  size_t text_length, whole;
  char *text = web_text(bytes, length, &text_length, &whole);
  if (!text) return 0;
  /* Engine.IO: 0 open, 2 ping, 4 message; then Socket.IO: 0 connect, 2 event. */
  if (text[0] == '0') put_web(client, "40", 2);
  else if (text[0] == '2') put_web(client, "3", 1);
  else if (text[1] == '0') put_web_text(client, "42[\"join_room\",%d]", client->room + 1);
  else if (!client->is_ready && has(text, text_length, "room_joined")) became_ready(client);
  else received(client, text, text_length);
  return whole;
}

static const struct protocol protocols[] = {
    {"gs", greet_lines, publish_line, take_line},
    {"redis", greet_redis, publish_redis, take_redis},
    {"nats", greet_nats, publish_nats, take_nats},
    {"mqtt", greet_mqtt, publish_mqtt, take_mqtt},
    {"websocket", greet_websocket, publish_websocket, take_websocket},
    {"socketio", greet_socketio, publish_socketio, take_socketio},
};

const struct protocol *find_protocol(const char *name) {
  for (size_t index = 0; index < sizeof protocols / sizeof *protocols; index += 1)
    if (!strcmp(protocols[index].name, name)) return &protocols[index];
  give_up("no protocol %s", name);
}
