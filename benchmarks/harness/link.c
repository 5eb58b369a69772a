/*
 * A link between two points of this machine: a TCP relay with a delay, a rate, and a limit to what one connection may
 * have on its way, as a TCP window sets it on a real line.
 *
 *   link TARGET-PORT
 *
 * Listens on a free port of 127.0.0.1 and says which. Commands come on standard input, and each is answered by a line:
 *   set DELAY-MICROS BYTES-PER-SECOND WINDOW-BYTES    from now on, for all connections; 0 bytes per second = no limit
 *   stats                                             bytes carried to the target and back
 * It ends with its standard input.
 *
 *   read ──▶ [ serialised by the rate ──▶ delay ──▶ ] write ──▶ delay ──▶ room in the window again
 *
 * The delay is that of one direction: a round trip takes twice as long. The rate is that of the line in one direction,
 * shared by all connections.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_CONNECTIONS 512
#define MOST_BYTES (16 * 1024 * 1024)
/* A power of two. So many pieces can be on their way in one direction of a connection. */
#define MOST_PIECES 4096
#define READ_BYTES (128 * 1024)

struct piece {
  int64_t due;
  size_t bytes;
};

struct queue {
  struct piece pieces[MOST_PIECES];
  unsigned first, end;
};

/* One direction of a connection. The ring holds what was read and not yet written. */
struct stream {
  int from, to;
  char *ring;
  size_t read_at, write_at, held;
  /* Read, and not yet known at the sender's end to have arrived. */
  size_t on_the_way;
  struct queue arriving, acknowledged;
  int ended, closed;
  int line;
};

struct connection {
  struct stream streams[2];
};

static struct connection *connections[MOST_CONNECTIONS];
static int count = 0;
static int64_t delay_ns = 0, rate = 0;
static size_t window = 1024 * 1024;
static int64_t line_free[2];
static int64_t carried[2];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int full(const struct queue *queue) { return queue->end - queue->first >= MOST_PIECES; }

static struct piece *head(struct queue *queue) {
  return queue->first == queue->end ? NULL : &queue->pieces[queue->first % MOST_PIECES];
}

static void push(struct queue *queue, int64_t due, size_t bytes) {
  queue->pieces[queue->end++ % MOST_PIECES] = (struct piece){due, bytes};
}

static void prepare(int socket) {
  int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  if (fcntl(socket, F_SETFL, O_NONBLOCK) != 0) fail("fcntl");
}

static void open_connection(int client, int target_port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(target_port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int server = socket(AF_INET, SOCK_STREAM, 0);
  if (count == MOST_CONNECTIONS || connect(server, (struct sockaddr *)&address, sizeof(address)) != 0) {
    close(client);
    close(server);
    return;
  }
  prepare(client);
  prepare(server);
  struct connection *made = calloc(1, sizeof(*made));
  for (int line = 0; line < 2; line++) {
    struct stream *stream = &made->streams[line];
    stream->from = line == 0 ? client : server;
    stream->to = line == 0 ? server : client;
    stream->ring = malloc(MOST_BYTES);
    stream->line = line;
  }
  connections[count++] = made;
}

static void close_connection(int index) {
  struct connection *gone = connections[index];
  close(gone->streams[0].from);
  close(gone->streams[0].to);
  for (int line = 0; line < 2; line++) free(gone->streams[line].ring);
  free(gone);
  connections[index] = connections[--count];
}

/* How much may be read now. */
static size_t room(const struct stream *stream) {
  if (stream->ended || full(&stream->arriving) || full(&stream->acknowledged) || stream->on_the_way >= window) return 0;
  size_t most = window - stream->on_the_way;
  size_t straight = MOST_BYTES - stream->read_at;
  if (most > MOST_BYTES - stream->held) most = MOST_BYTES - stream->held;
  if (most > straight) most = straight;
  return most > READ_BYTES ? READ_BYTES : most;
}

/* -1: the connection is broken. */
static int take(struct stream *stream, int64_t now) {
  size_t most = room(stream);
  if (most == 0) return 0;
  ssize_t bytes = read(stream->from, stream->ring + stream->read_at, most);
  if (bytes < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  if (bytes == 0) {
    stream->ended = 1;
    return 0;
  }
  int64_t *free_at = &line_free[stream->line];
  if (*free_at < now) *free_at = now;
  if (rate > 0) *free_at += bytes * 1000000000LL / rate;
  push(&stream->arriving, *free_at + delay_ns, bytes);
  stream->read_at = (stream->read_at + bytes) % MOST_BYTES;
  stream->held += bytes;
  stream->on_the_way += bytes;
  return 0;
}

static int give(struct stream *stream, int64_t now) {
  struct piece *piece;
  while ((piece = head(&stream->acknowledged)) && piece->due <= now) {
    stream->on_the_way -= piece->bytes;
    stream->acknowledged.first++;
  }
  while ((piece = head(&stream->arriving)) && piece->due <= now && !full(&stream->acknowledged)) {
    size_t most = piece->bytes;
    if (most > MOST_BYTES - stream->write_at) most = MOST_BYTES - stream->write_at;
    ssize_t bytes = send(stream->to, stream->ring + stream->write_at, most, MSG_NOSIGNAL);
    if (bytes < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
    push(&stream->acknowledged, now + delay_ns, bytes);
    stream->write_at = (stream->write_at + bytes) % MOST_BYTES;
    stream->held -= bytes;
    carried[stream->line] += bytes;
    piece->bytes -= bytes;
    if (piece->bytes == 0) stream->arriving.first++;
  }
  if (stream->ended && stream->held == 0 && !stream->closed) {
    stream->closed = 1;
    shutdown(stream->to, SHUT_WR);
  }
  return 0;
}

/* False when standard input has ended. */
static int obey(void) {
  static char line[256];
  static size_t length = 0;
  ssize_t bytes = read(STDIN_FILENO, line + length, sizeof(line) - 1 - length);
  if (bytes <= 0) return 0;
  length += bytes;
  line[length] = '\0';
  char *end;
  while ((end = strchr(line, '\n'))) {
    *end = '\0';
    int64_t micros, bytes_per_second;
    size_t window_bytes;
    if (sscanf(line, "set %" SCNd64 " %" SCNd64 " %zu", &micros, &bytes_per_second, &window_bytes) == 3) {
      delay_ns = micros * 1000;
      rate = bytes_per_second;
      window = window_bytes > MOST_BYTES ? MOST_BYTES : window_bytes;
      line_free[0] = line_free[1] = 0;
      printf("set\n");
    } else {
      printf("%" PRId64 " %" PRId64 "\n", carried[0], carried[1]);
    }
    length -= end + 1 - line;
    memmove(line, end + 1, length + 1);
  }
  return 1;
}

/* The next moment at which something is due, without anything to read; -1 = never. */
static int64_t next_due(void) {
  int64_t due = -1;
  for (int i = 0; i < count; i++) {
    for (int line = 0; line < 2; line++) {
      struct piece *pieces[] = {head(&connections[i]->streams[line].arriving),
                                head(&connections[i]->streams[line].acknowledged)};
      for (int p = 0; p < 2; p++) {
        if (pieces[p] && (due < 0 || pieces[p]->due < due)) due = pieces[p]->due;
      }
    }
  }
  return due;
}

int main(int argc, char **argv) {
  if (argc != 2) fail("usage: link TARGET-PORT");
  int target_port = atoi(argv[1]);
  signal(SIGPIPE, SIG_IGN);
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 64) != 0) fail("listen");
  if (getsockname(listener, (struct sockaddr *)&address, &size) != 0) fail("getsockname");
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("%d\n", ntohs(address.sin_port));

  static struct pollfd polled[2 + 2 * MOST_CONNECTIONS];
  for (;;) {
    polled[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    polled[1] = (struct pollfd){.fd = listener, .events = POLLIN};
    int64_t now = now_ns();
    for (int i = 0; i < count; i++) {
      for (int line = 0; line < 2; line++) {
        struct stream *stream = &connections[i]->streams[line];
        struct stream *back = &connections[i]->streams[1 - line];
        struct piece *due = head(&back->arriving);
        short events = (room(stream) > 0 ? POLLIN : 0) | (due && due->due <= now ? POLLOUT : 0);
        polled[2 + 2 * i + line] = (struct pollfd){.fd = events ? stream->from : -1, .events = events};
      }
    }
    int64_t due = next_due();
    struct timespec wait = {0, 0};
    /* What is overdue waits for its socket, not for the clock. */
    int64_t left = due < 0 ? 1000000000LL : due - now;
    if (due >= 0 && left <= 0) left = 1000000;
    wait.tv_sec = left / 1000000000LL;
    wait.tv_nsec = left % 1000000000LL;
    if (ppoll(polled, 2 + 2 * count, &wait, NULL) < 0 && errno != EINTR) fail("poll");
    if (polled[0].revents && !obey()) return 0;
    now = now_ns();
    for (int i = count - 1; i >= 0; i--) {
      struct stream *streams = connections[i]->streams;
      int broken = 0;
      for (int line = 0; line < 2 && !broken; line++) {
        if (polled[2 + 2 * i + line].revents & (POLLIN | POLLHUP | POLLERR)) broken = take(&streams[line], now) != 0;
        if (!broken) broken = give(&streams[line], now) != 0;
      }
      if (broken || (streams[0].closed && streams[1].closed)) close_connection(i);
    }
    if (polled[1].revents) {
      int client = accept(listener, NULL, NULL);
      if (client >= 0) open_connection(client, target_port);
    }
  }
}
