/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "scan/sandbox.h"

/* Each tries one thing and tells whether it worked. */

static bool
opens(void)
{
	return open("/dev/null", O_RDONLY) != -1;
}

static bool
opens_by_openat2(void)
{
	const uint64_t how[3] = { O_RDONLY, 0, 0 };

	return syscall(SYS_openat2, AT_FDCWD, "/dev/null", how,
	    sizeof how) != -1;
}

static bool
writes_a_file(void)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);

	return fd != -1 && write(fd, "x", 1) == 1;
}

static bool
makes_a_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) != -1;
}

static bool
makes_an_inet_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0) != -1;
}

static bool
makes_a_pair_of_sockets(void)
{
	int fd[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0;
}

static bool
forks(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static bool
executes(void)
{
	char name[] = "true", *const argv[] = { name, NULL };

	/* true exits with 0, as one that succeeds does. */
	execv("/bin/true", argv);
	return false;
}

static bool
traces(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool
signals_its_parent(void)
{
	return kill(getppid(), 0) == 0;
}

static bool
reads_the_parents_memory(void)
{
	return syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0,
	    0) == 0;
}

static bool
makes_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool
turns_memory_into_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page != MAP_FAILED &&
	    mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool
duplicates(void)
{
	return dup(2) != -1;
}

static bool
controls_a_device(void)
{
	int left;

	return syscall(SYS_ioctl, 3, 0x541B /* FIONREAD */, &left) == 0;
}

static bool
changes_directory(void)
{
	return chdir("/") == 0;
}

static bool
raises_a_limit(void)
{
	struct rlimit rl;

	return getrlimit(RLIMIT_CORE, &rl) == 0 &&
	    setrlimit(RLIMIT_CORE, &rl) == 0;
}

static bool
takes_memory(size_t size)
{
	char *block = malloc(size);
	bool ok = block != NULL;

	if (ok)
		memset(block, 1, 4096);
	free(block);
	return ok;
}

static bool
takes_some_memory(void)
{
	return takes_memory((size_t)200 << 20);
}

static bool
takes_much_memory(void)
{
	return takes_memory((size_t)1700 << 20);
}

#define ATTEMPT(name) { #name, name }
static const struct attempt {
	const char *name;
	bool (*try)(void);
} attempts[] = {
	ATTEMPT(opens),
	ATTEMPT(opens_by_openat2),
	ATTEMPT(writes_a_file),
	ATTEMPT(makes_a_socket),
	ATTEMPT(makes_an_inet_socket),
	ATTEMPT(makes_a_pair_of_sockets),
	ATTEMPT(forks),
	ATTEMPT(executes),
	ATTEMPT(traces),
	ATTEMPT(signals_its_parent),
	ATTEMPT(reads_the_parents_memory),
	ATTEMPT(makes_code),
	ATTEMPT(turns_memory_into_code),
	ATTEMPT(duplicates),
	ATTEMPT(controls_a_device),
	ATTEMPT(changes_directory),
	ATTEMPT(raises_a_limit),
	ATTEMPT(takes_much_memory),
};

/* 0 where it worked, 1 where it failed, 2 without a sandbox; by wait's. */
static int
run(bool (*try)(void), int profile)
{
	int status, fd[2];
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (pipe(fd) != 0 || dup2(fd[0], 3) != 3)
			_exit(3);
		if (profile >= 0 &&
		    !quo_sandbox_enter((enum quo_sandbox)profile))
			_exit(2);
		_exit(try() ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static bool
stopped(int status)
{
	return (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) ||
	    (WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

static void
refuse_all_in_both_profiles(void **state)
{
	(void)state;
	if (!QUO_SANDBOX)
		skip();
	for (int profile = 0; profile < QUO_SANDBOX_COUNT; profile++)
		for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
			if (!stopped(run(attempts[i].try, profile)))
				fail_msg("in profile %d, it %s", profile,
				    attempts[i].name);
}

/* Or the test above would prove nothing. */
static void
all_of_it_works_outside(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
		if (run(attempts[i].try, -1) != 0)
			fail_msg("without a sandbox, it never %s",
			    attempts[i].name);
}

static void
memory_is_still_to_be_had(void **state)
{
	(void)state;
	for (int profile = 0; profile < QUO_SANDBOX_COUNT; profile++)
		assert_int_equal(run(takes_some_memory, profile), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuse_all_in_both_profiles),
		cmocka_unit_test(all_of_it_works_outside),
		cmocka_unit_test(memory_is_still_to_be_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
