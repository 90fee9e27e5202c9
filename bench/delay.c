/*
 * A network that is only slow to get through: what comes in on a port of loopback goes on to another one, each way some
 * microseconds later, in order, as much at a time as comes. Nothing is lost, and no bandwidth is set.
 *
 *   cc -O2 -o delay delay.c
 *   delay PORT MICROSECONDS
 *
 * Prints the port where it listens. Ends when its standard input does.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* What is under way in one direction may have so many pieces: 128 MiB, more than a fast disk gives in the time. */
enum { PIECE = 256 * 1024, PIECES = 512, PAIRS = 64 };

struct piece {
  struct piece *next;
  long long due;
  int from, to;
  char data[PIECE];
};

/* What comes from one socket and goes to the other. */
struct way {
  struct piece *first, *last;
  int count, ended, blocked;
};

/* Both sockets, and what came from each. */
struct pair {
  int socket[2];
  struct way way[2];
};

static struct pair pairs[PAIRS];
static struct piece *spare;
static long long delay;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static int at_once(int socket) {
  int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return socket;
}

static int listen_anywhere(void) {
  struct sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, PAIRS)) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

static void join(int listener, int port) {
  struct sockaddr_in address = loopback(port);
  int one = accept(listener, NULL, NULL), other = socket(AF_INET, SOCK_STREAM, 0), i = 0;
  while (i < PAIRS && pairs[i].socket[0]) i++;
  if (i == PAIRS || connect(other, (struct sockaddr *)&address, sizeof address)) {
    close(one), close(other);
    return;
  }
  pairs[i] = (struct pair){.socket = {at_once(one), at_once(other)}};
}

static void release(struct way *way) {
  struct piece *piece = way->first;
  if (!(way->first = piece->next)) way->last = NULL;
  way->count--;
  piece->next = spare;
  spare = piece;
}

static void part(struct pair *pair) {
  for (int side = 0; side < 2; side++) {
    close(pair->socket[side]);
    while (pair->way[side].first) release(&pair->way[side]);
  }
  pair->socket[0] = pair->socket[1] = 0;
}

/* A piece without data is the end. */
static int take(struct way *way, int socket) {
  struct piece *piece = spare ? spare : malloc(sizeof *piece);
  if (!piece) fail("malloc");
  if (piece == spare) spare = piece->next;
  ssize_t got = recv(socket, piece->data, PIECE, MSG_DONTWAIT);
  if (got < 0) {
    piece->next = spare;
    spare = piece;
    return errno == EAGAIN || errno == EINTR ? 0 : -1;
  }
  piece->next = NULL;
  piece->due = now() + delay;
  piece->from = 0;
  piece->to = got;
  way->last ? (way->last->next = piece) : (way->first = piece);
  way->last = piece;
  way->count++;
  way->ended = got == 0;
  return 0;
}

static int give(struct way *way, int socket) {
  way->blocked = 0;
  for (struct piece *piece; (piece = way->first) && piece->due <= now();) {
    if (piece->to == 0) shutdown(socket, SHUT_WR);
    while (piece->from < piece->to) {
      ssize_t sent = send(socket, piece->data + piece->from, piece->to - piece->from, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) return way->blocked = 1, 0;
      if (sent < 0 && errno != EINTR) return -1;
      if (sent > 0) piece->from += sent;
    }
    release(way);
  }
  return 0;
}

/* What is to be waited for with a socket: bytes from it if there is room, room in it if bytes wait for that alone. */
static struct pollfd wish(struct pair *pair, int side) {
  struct way *from = &pair->way[side], *to = &pair->way[!side];
  short events = (from->ended || from->count >= PIECES ? 0 : POLLIN) | (to->blocked ? POLLOUT : 0);
  return (struct pollfd){.fd = pair->socket[0] ? pair->socket[side] : -1, .events = events};
}

static void wait_for(struct pollfd *polled, int count) {
  long long due = 0;
  for (struct pair *pair = pairs; pair < pairs + PAIRS; pair++)
    for (int side = 0; side < 2; side++) {
      struct way *way = &pair->way[side];
      if (way->first && !way->blocked && (!due || way->first->due < due)) due = way->first->due;
    }
  long long rest = due ? due - now() : 0;
  struct timespec timeout = {.tv_sec = rest / 1000000000, .tv_nsec = rest % 1000000000};
  if (rest < 0) timeout = (struct timespec){0};
  if (ppoll(polled, count, due ? &timeout : NULL, NULL) < 0 && errno != EINTR) fail("ppoll");
}

static void serve(struct pair *pair, struct pollfd *polled) {
  int broken = 0;
  for (int side = 0; side < 2 && !broken; side++) {
    struct way *way = &pair->way[side];
    if (polled[side].revents & (POLLIN | POLLHUP | POLLERR) && !way->ended && way->count < PIECES)
      broken = take(way, pair->socket[side]);
    if (!broken) broken = give(way, pair->socket[!side]);
  }
  int over = pair->way[0].ended && pair->way[1].ended && !pair->way[0].first && !pair->way[1].first;
  if (broken || over) part(pair);
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: delay PORT MICROSECONDS\n"), 2;
  static struct pollfd polled[2 + 2 * PAIRS];
  delay = atoll(argv[2]) * 1000;
  polled[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
  polled[1] = (struct pollfd){.fd = listen_anywhere(), .events = POLLIN};
  for (;;) {
    for (int i = 0; i < 2 * PAIRS; i++) polled[2 + i] = wish(&pairs[i / 2], i % 2);
    wait_for(polled, 2 + 2 * PAIRS);
    if (polled[0].revents) return 0;
    for (int i = 0; i < PAIRS; i++)
      if (pairs[i].socket[0]) serve(&pairs[i], &polled[2 + 2 * i]);
    if (polled[1].revents) join(polled[1].fd, atoi(argv[1]));
  }
}
