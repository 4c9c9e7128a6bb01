/* Counts the calls by which a run changes files, and at a chosen one kills it, tears it or fails it.
 *
 * Preloaded into the runner and all that it starts. A file mapped by all of them (SWEEP_STATE) holds
 * the counters and the order; only calls on files below the folders of SWEEP_ROOTS (separated by
 * colons) count. With `record` set, whatever is synced is copied to SWEEP_STORE: what a power loss
 * would leave can be built from that.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { COUNT, KILL, TEAR, NO_SPACE, IO_ERROR, NO_SPACE_FROM_HERE, STOP };
enum { RUNNER, EVERYBODY, GIT, SUPERVISOR, HOOK, SERVER };
enum { ROOM = 1, NONE = 0 }; /* whether a call takes room on the disk */

struct state {
    _Atomic uint64_t calls[SERVER + 1]; /* so far, of each of the above */
    uint64_t at;                        /* the call to act on, from 1; at 0 nothing is counted */
    uint32_t action;
    uint32_t who;             /* whose calls count, and who is killed */
    int32_t runner;     /* its process, 0 while none is to be watched */
    uint32_t record;
    _Atomic uint64_t synced; /* how many copies were made */
};

static struct state *state;
static char roots[8][PATH_MAX];
static int count_of_roots;
static const char *store;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("SWEEP_STATE"), *list = getenv("SWEEP_ROOTS");
    store = getenv("SWEEP_STORE");
    if (!path || !list) return;
    int file = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    syscall(SYS_close, file);
    if (map == MAP_FAILED) return;
    char *copy = strdup(list), *rest = copy, *each;
    while ((each = strsep(&rest, ":")) && count_of_roots < 8)
        if (*each) snprintf(roots[count_of_roots++], PATH_MAX, "%s", each);
    free(copy);
    state = map;
}

static int below(const char *path) {
    for (int i = 0; i < count_of_roots; i++) {
        size_t length = strlen(roots[i]);
        if (!strncmp(path, roots[i], length) && (path[length] == '/' || !path[length])) return 1;
    }
    return 0;
}

static int of_descriptor(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return path[0] == '/';
}

static int of_path(int folder, const char *name, char *path) {
    if (name[0] == '/') return snprintf(path, PATH_MAX, "%s", name) > 0;
    char base[PATH_MAX];
    if (folder == AT_FDCWD ? !getcwd(base, sizeof base) : !of_descriptor(folder, base)) return 0;
    return snprintf(path, PATH_MAX, "%s/%s", base, name) > 0;
}

/* Who is killed at a call of this process, 0 for nobody: found among those above it, up to the
 * runner. Its child is the server that forks supervisors; git is the topmost of its name, a hook
 * its child. */
static pid_t victim(uint32_t who) {
    pid_t pid = getpid(), below = 0, hook = 0, git = 0;
    while (pid > 1) {
        char path[64], text[512];
        snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
        int file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
        if (file < 0) return 0;
        ssize_t length = syscall(SYS_read, file, text, sizeof text - 1);
        syscall(SYS_close, file);
        if (length <= 0) return 0;
        text[length] = 0;
        char *name = strchr(text, '('), *end = strrchr(text, ')');
        if (!name || !end) return 0;
        *end = 0;
        int parent = atoi(end + 4);
        if (!strcmp(name + 1, "git")) git = pid, hook = below;
        if (parent == state->runner) {
            if (who == GIT) return git;
            if (who == HOOK) return git ? hook : 0;
            if (strncmp(name + 1, "python", 6) || !below || below == getpid()) return 0;
            return who == SERVER ? pid : below;
        }
        below = pid;
        pid = parent;
    }
    return 0;
}

static int is_call_of(uint32_t who) {
    if (who == RUNNER) return getpid() == state->runner;
    return who == EVERYBODY || victim(who);
}

/* The action due at this call, COUNT for none. */
static int due(const char *path, int takes_room) {
    if (!state || !state->runner || !state->at || !below(path)) return COUNT;
    if (state->action == COUNT) {
        for (uint32_t who = RUNNER; who <= SERVER; who++)
            if (is_call_of(who)) atomic_fetch_add(&state->calls[who], 1);
        return COUNT;
    }
    if (!is_call_of(state->who)) return COUNT;
    uint64_t number = atomic_fetch_add(&state->calls[state->who], 1) + 1;
    if (state->action == NO_SPACE_FROM_HERE)
        return number >= state->at && takes_room ? NO_SPACE : COUNT;
    return number == state->at ? (int)state->action : COUNT;
}

/* Returns only where somebody else was killed or stopped than who makes the call. */
static void end_it(void) {
    pid_t killed = state->who > EVERYBODY ? victim(state->who) : 0;
    if (state->action == STOP) {
        kill(state->runner, SIGSTOP);
        return;
    }
    if (!killed) kill(state->runner, SIGKILL);
    kill(killed ? killed : getpid(), SIGKILL);
    while (!killed || killed == getpid()) pause();
}

/* Ends the process where that is due; returns whether the call is to fail, with errno set. */
static int fails(const char *path, int takes_room) {
    switch (due(path, takes_room)) {
    case KILL: case TEAR: case STOP: end_it(); return 0;
    case NO_SPACE: errno = ENOSPC; return 1;
    case IO_ERROR: errno = EIO; return 1;
    default: return 0;
    }
}

static int at_fails(int folder, const char *name, int takes_room) {
    char path[PATH_MAX];
    int before = errno;
    if (!state || !of_path(folder, name, path)) return 0;
    errno = before;
    return fails(path, takes_room);
}

static int fd_fails(int fd, int takes_room) {
    char path[PATH_MAX];
    int before = errno;
    if (!state || !of_descriptor(fd, path)) return 0;
    errno = before;
    return fails(path, takes_room);
}

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

/* What is synced: a line "F inode copy mode" or "D inode" with a line "inode type name" an entry,
 * names in hexadecimal. */
static void note(int fd) {
    struct stat info;
    char path[PATH_MAX], name[PATH_MAX], *text = NULL;
    size_t size = 0;
    if (!state || !state->record || !store || !of_descriptor(fd, path) || !below(path)) return;
    if (fstat(fd, &info)) return;
    uint64_t number = atomic_fetch_add(&state->synced, 1) + 1;
    FILE *lines = open_memstream(&text, &size);
    if (S_ISREG(info.st_mode)) {
        snprintf(name, sizeof name, "%s/%llu", store, (unsigned long long)number);
        int in = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
        int out = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        char data[65536];
        ssize_t length;
        while (in >= 0 && (length = syscall(SYS_read, in, data, sizeof data)) > 0)
            syscall(SYS_write, out, data, length);
        if (in >= 0) syscall(SYS_close, in);
        if (out >= 0) syscall(SYS_close, out);
        fprintf(lines, "F %llu %llu %o\n", (unsigned long long)info.st_ino,
                (unsigned long long)number, info.st_mode & 07777);
    } else if (S_ISDIR(info.st_mode)) {
        fprintf(lines, "D %llu %o\n", (unsigned long long)info.st_ino, info.st_mode & 07777);
        DIR *folder = opendir(path);
        struct dirent *entry;
        while (folder && (entry = readdir(folder))) {
            if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
            fprintf(lines, "E %llu %d ", (unsigned long long)entry->d_ino, entry->d_type);
            for (char *c = entry->d_name; *c; c++) fprintf(lines, "%02x", (unsigned char)*c);
            fputc('\n', lines);
        }
        if (folder) closedir(folder);
    }
    fclose(lines);
    snprintf(name, sizeof name, "%s/log", store);
    int log = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log >= 0) {
        syscall(SYS_write, log, text, size);
        syscall(SYS_close, log);
    }
    free(text);
}

static void note_below(const char *path) {
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return;
    note(fd);
    struct stat info;
    if (!fstat(fd, &info) && S_ISDIR(info.st_mode)) {
        DIR *folder = opendir(path);
        struct dirent *entry;
        char inner[PATH_MAX];
        while (folder && (entry = readdir(folder)))
            if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) {
                snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
                note_below(inner);
            }
        if (folder) closedir(folder);
    }
    syscall(SYS_close, fd);
}

#define CHANGES(flags) (((flags) & O_ACCMODE) != O_RDONLY || ((flags) & (O_CREAT | O_TRUNC)))

#define OPENAT(symbol)                                                                            \
    int symbol(int folder, const char *name, int flags, ...) {                                    \
        va_list more;                                                                             \
        va_start(more, flags);                                                                    \
        mode_t mode = va_arg(more, mode_t);                                                       \
        va_end(more);                                                                             \
        if (CHANGES(flags) && at_fails(folder, name, (flags & O_CREAT) ? ROOM : NONE)) return -1; \
        return syscall(SYS_openat, folder, name, flags, mode);                                    \
    }
OPENAT(openat)
OPENAT(openat64)

#define OPEN(symbol)                                                                              \
    int symbol(const char *name, int flags, ...) {                                                \
        va_list more;                                                                             \
        va_start(more, flags);                                                                    \
        mode_t mode = va_arg(more, mode_t);                                                       \
        va_end(more);                                                                             \
        if (CHANGES(flags) && at_fails(AT_FDCWD, name, (flags & O_CREAT) ? ROOM : NONE))          \
            return -1;                                                                            \
        return syscall(SYS_openat, AT_FDCWD, name, flags, mode);                                  \
    }
OPEN(open)
OPEN(open64)

int creat(const char *name, mode_t mode) {
    if (at_fails(AT_FDCWD, name, ROOM)) return -1;
    return syscall(SYS_openat, AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

static ssize_t write_or_act(int fd, const void *data, size_t size, off_t place, int placed) {
    char path[PATH_MAX];
    int before = errno;
    if (state && of_descriptor(fd, path)) {
        errno = before;
        switch (due(path, ROOM)) {
        case TEAR:
            if (placed) syscall(SYS_pwrite64, fd, data, size / 2, place);
            else syscall(SYS_write, fd, data, size / 2);
            end_it();
            return size;
        case KILL: case STOP: end_it(); break;
        case NO_SPACE: errno = ENOSPC; return -1;
        case IO_ERROR: errno = EIO; return -1;
        }
    }
    return placed ? syscall(SYS_pwrite64, fd, data, size, place) : syscall(SYS_write, fd, data, size);
}

ssize_t write(int fd, const void *data, size_t size) { return write_or_act(fd, data, size, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t place) {
    return write_or_act(fd, data, size, place, 1);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t place) {
    return write_or_act(fd, data, size, place, 1);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (fd_fails(fd, ROOM)) return -1;
    return syscall(SYS_writev, fd, parts, count);
}

#define TWO(symbol, first_folder, first, second_folder, second, takes_room, parameters, call) \
    int symbol parameters {                                                                   \
        (void)first_folder; (void)first;                                                      \
        if (at_fails(second_folder, second, takes_room)) return -1;                           \
        return call;                                                                          \
    }
TWO(rename, AT_FDCWD, from, AT_FDCWD, to, NONE, (const char *from, const char *to),
    syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0))
TWO(renameat, a, from, b, to, NONE, (int a, const char *from, int b, const char *to),
    syscall(SYS_renameat2, a, from, b, to, 0))
TWO(renameat2, a, from, b, to, NONE,
    (int a, const char *from, int b, const char *to, unsigned int flags),
    syscall(SYS_renameat2, a, from, b, to, flags))
TWO(link, AT_FDCWD, from, AT_FDCWD, to, ROOM, (const char *from, const char *to),
    syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0))
TWO(linkat, a, from, b, to, ROOM, (int a, const char *from, int b, const char *to, int flags),
    syscall(SYS_linkat, a, from, b, to, flags))
TWO(symlink, AT_FDCWD, to, AT_FDCWD, name, ROOM, (const char *to, const char *name),
    syscall(SYS_symlinkat, to, AT_FDCWD, name))
TWO(symlinkat, a, to, a, name, ROOM, (const char *to, int a, const char *name),
    syscall(SYS_symlinkat, to, a, name))

#define ONE(symbol, folder, name, takes_room, parameters, call) \
    int symbol parameters {                                     \
        if (at_fails(folder, name, takes_room)) return -1;      \
        return call;                                            \
    }
ONE(unlink, AT_FDCWD, name, NONE, (const char *name), syscall(SYS_unlinkat, AT_FDCWD, name, 0))
ONE(unlinkat, folder, name, NONE, (int folder, const char *name, int flags),
    syscall(SYS_unlinkat, folder, name, flags))
ONE(rmdir, AT_FDCWD, name, NONE, (const char *name),
    syscall(SYS_unlinkat, AT_FDCWD, name, AT_REMOVEDIR))
ONE(mkdir, AT_FDCWD, name, ROOM, (const char *name, mode_t mode),
    syscall(SYS_mkdirat, AT_FDCWD, name, mode))
ONE(mkdirat, folder, name, ROOM, (int folder, const char *name, mode_t mode),
    syscall(SYS_mkdirat, folder, name, mode))
ONE(truncate, AT_FDCWD, name, NONE, (const char *name, off_t size),
    syscall(SYS_truncate, name, size))
ONE(chmod, AT_FDCWD, name, NONE, (const char *name, mode_t mode),
    syscall(SYS_fchmodat, AT_FDCWD, name, mode))
ONE(fchmodat, folder, name, NONE, (int folder, const char *name, mode_t mode, int flags),
    REAL(fchmodat)(folder, name, mode, flags))

int utimensat(int folder, const char *name, const struct timespec times[2], int flags) {
    const char *volatile given = name; /* declared never to be NULL, which means the descriptor */
    if (given ? at_fails(folder, name, NONE) : fd_fails(folder, NONE)) return -1;
    return syscall(SYS_utimensat, folder, name, times, flags);
}
int futimens(int fd, const struct timespec times[2]) {
    if (fd_fails(fd, NONE)) return -1;
    return syscall(SYS_utimensat, fd, NULL, times, 0);
}
int fchmod(int fd, mode_t mode) {
    if (fd_fails(fd, NONE)) return -1;
    return syscall(SYS_fchmod, fd, mode);
}
int ftruncate(int fd, off_t size) {
    if (fd_fails(fd, NONE)) return -1;
    return syscall(SYS_ftruncate, fd, size);
}
int ftruncate64(int fd, off64_t size) {
    if (fd_fails(fd, NONE)) return -1;
    return syscall(SYS_ftruncate, fd, size);
}
int fsync(int fd) {
    if (fd_fails(fd, ROOM)) return -1;
    int result = syscall(SYS_fsync, fd);
    if (!result) note(fd);
    return result;
}
int fdatasync(int fd) {
    if (fd_fails(fd, ROOM)) return -1;
    int result = syscall(SYS_fdatasync, fd);
    if (!result) note(fd);
    return result;
}
void sync(void) {
    if (state && state->runner && state->record)
        for (int i = 0; i < count_of_roots; i++) note_below(roots[i]);
}
