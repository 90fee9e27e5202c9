/*
 * Many small files through libsmbclient: create+write+close, open+read+close, unlink. A peer of ours drives, so that
 * servers can be compared.
 *
 *   cc -O2 -o small-files small-files.c -lsmbclient     (Debian: libsmbclient-dev)
 *   small-files smb://127.0.0.1:4450/share USER PASSWORD COUNT BYTES
 *
 * Prints one line of JSON: operations a second of each kind.
 */
#include <fcntl.h>
#include <libsmbclient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *user, *password;

static void authenticate(const char *server, const char *share, char *workgroup, int workgroup_length, char *name,
                         int name_length, char *secret, int secret_length) {
  (void)server, (void)share, (void)workgroup, (void)workgroup_length;
  snprintf(name, name_length, "%s", user);
  snprintf(secret, secret_length, "%s", password);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what, const char *path) {
  perror(path);
  fprintf(stderr, "small-files: %s failed\n", what);
  exit(1);
}

int main(int argc, char **argv) {
  if (argc != 6) return fprintf(stderr, "usage: small-files URL USER PASSWORD COUNT BYTES\n"), 2;
  const char *url = argv[1];
  user = argv[2];
  password = argv[3];
  int count = atoi(argv[4]), bytes = atoi(argv[5]);
  char *data = calloc(1, bytes + 1), path[1024];
  SMBCCTX *context = smbc_new_context();
  smbc_setFunctionAuthData(context, authenticate);
  smbc_setOptionUserData(context, NULL);
  if (!smbc_init_context(context)) fail("init", url);
  smbc_set_context(context);

  double start = now();
  for (int i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s/small-%d", url, i);
    int fd = smbc_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || smbc_write(fd, data, bytes) != bytes || smbc_close(fd) < 0) fail("create", path);
  }
  double created = now();
  for (int i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s/small-%d", url, i);
    int fd = smbc_open(path, O_RDONLY, 0);
    if (fd < 0 || smbc_read(fd, data, bytes) != bytes || smbc_close(fd) < 0) fail("read", path);
  }
  double read = now();
  for (int i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s/small-%d", url, i);
    if (smbc_unlink(path) < 0) fail("unlink", path);
  }
  double unlinked = now();
  printf("{\"create\":%.0f,\"read\":%.0f,\"unlink\":%.0f}\n", count / (created - start), count / (read - created),
         count / (unlinked - read));
  return 0;
}
