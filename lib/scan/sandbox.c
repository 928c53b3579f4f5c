/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "config.h"
#include "scan/frame.h"
#include "scan/sandbox.h"

#define MIB (1u << 20)

/* Seconds of processor time: the client's own limit is a little longer. */
#define CPU_SECONDS (QUO_SCAN_SECONDS - 5)

static bool
limit(int what, rlim_t most)
{
	const struct rlimit rl = { most, most };

	return setrlimit((unsigned)what, &rl) == 0;
}

#if QUO_SANDBOX

#include <seccomp.h>

#define STRICT (1u << QUO_SANDBOX_STRICT)
#define WIDE (1u << QUO_SANDBOX_WIDE)
#define BOTH (STRICT | WIDE)
#define CALL(name) SCMP_SYS(name)
#define ALLOW SCMP_ACT_ALLOW
#define REFUSE(err) SCMP_ACT_ERRNO(err)

/* All else kills. */
static const struct {
	int call;
	unsigned profiles;
	uint32_t action;
} calls[] = {
	{ CALL(read), BOTH, ALLOW },
	{ CALL(write), BOTH, ALLOW },
	{ CALL(exit), BOTH, ALLOW },
	{ CALL(exit_group), BOTH, ALLOW },
	{ CALL(brk), BOTH, ALLOW },
	{ CALL(munmap), BOTH, ALLOW },
	{ CALL(mremap), BOTH, ALLOW },
	{ CALL(madvise), BOTH, ALLOW },
	{ CALL(rt_sigreturn), BOTH, ALLOW },
	{ CALL(futex), BOTH, ALLOW },
	{ CALL(sysinfo), BOTH, ALLOW },
	{ CALL(clock_gettime), BOTH, ALLOW },
	{ CALL(gettimeofday), BOTH, ALLOW },
	{ CALL(getrandom), BOTH, ALLOW },
	/* iconv in zbar, fonts and locales in poppler: there is nothing */
	{ CALL(open), BOTH, REFUSE(EACCES) },
	{ CALL(openat), BOTH, REFUSE(EACCES) },
	{ CALL(access), BOTH, REFUSE(EACCES) },
	{ CALL(faccessat), BOTH, REFUSE(EACCES) },
	{ CALL(faccessat2), BOTH, REFUSE(EACCES) },
	{ CALL(stat), BOTH, REFUSE(EACCES) },
	{ CALL(lstat), BOTH, REFUSE(EACCES) },
	{ CALL(newfstatat), BOTH, REFUSE(EACCES) },
	{ CALL(statx), BOTH, REFUSE(EACCES) },
	{ CALL(readlink), BOTH, REFUSE(EACCES) },
	{ CALL(readlinkat), BOTH, REFUSE(EACCES) },
	{ CALL(fstat), BOTH, ALLOW },
	{ CALL(close), BOTH, ALLOW },
	{ CALL(lseek), WIDE, ALLOW },
	{ CALL(getpid), WIDE, ALLOW },
	{ CALL(gettid), WIDE, ALLOW },
	{ CALL(getuid), WIDE, ALLOW },
	{ CALL(geteuid), WIDE, ALLOW },
	{ CALL(getgid), WIDE, ALLOW },
	{ CALL(getegid), WIDE, ALLOW },
	{ CALL(sched_yield), WIDE, ALLOW },
	{ CALL(sched_getaffinity), WIDE, ALLOW },
	{ CALL(rt_sigprocmask), WIDE, ALLOW },
	{ CALL(uname), WIDE, REFUSE(EPERM) },
	{ CALL(clone), WIDE, REFUSE(EPERM) },
	{ CALL(clone3), WIDE, REFUSE(ENOSYS) },
	{ CALL(fcntl), WIDE, REFUSE(EPERM) },
	{ CALL(prlimit64), WIDE, REFUSE(EPERM) },
	{ CALL(prctl), WIDE, REFUSE(EPERM) },
};

/*
 * Memory that is no file and can't be run: the flags in the fourth argument,
 * the protection in the third.
 */
static bool
allow_memory(scmp_filter_ctx ctx)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, CALL(mmap), 2,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
	    SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0 &&
	    seccomp_rule_add(ctx, SCMP_ACT_ALLOW, CALL(mprotect), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

static bool
filter_calls(enum quo_sandbox profile)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool ok = ctx != NULL && allow_memory(ctx);

	for (size_t i = 0; ok && i < sizeof calls / sizeof *calls; i++)
		if ((calls[i].profiles & (1u << profile)) != 0)
			ok = seccomp_rule_add(ctx, calls[i].action,
			    calls[i].call, 0) == 0;
	ok = ok && seccomp_load(ctx) == 0;
	seccomp_release(ctx);
	return ok;
}

/* landlock(7): version by version, what a ruleset may forbid. */
static bool
forbid_files(void)
{
	static const uint64_t files[] = {
		0, (1u << 13) - 1, (1u << 14) - 1, (1u << 15) - 1,
		(1u << 15) - 1, (1u << 16) - 1,
	};
	struct {
		uint64_t fs, net;
	} rules = { 0, 0 };
	long abi, fd;
	bool ok;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
	/* A kernel without it: seccomp refuses to open files anyway. */
	if (abi < 1)
		return true;
	rules.fs = files[abi < 5 ? abi : 5];
	rules.net = abi < 4 ? 0 : 3;
	fd = syscall(SYS_landlock_create_ruleset, &rules,
	    abi < 4 ? sizeof rules.fs : sizeof rules, 0);
	if (fd < 0)
		return false;
	ok = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	close((int)fd);
	return ok;
}

static bool
close_doors(enum quo_sandbox profile)
{
	static const rlim_t memory[QUO_SANDBOX_COUNT] = {
		[QUO_SANDBOX_STRICT] = (rlim_t)1024 * MIB,
		[QUO_SANDBOX_WIDE] = (rlim_t)1536 * MIB,
	};

	return limit(RLIMIT_AS, memory[profile]) &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && forbid_files() &&
	    limit(RLIMIT_NOFILE, 0) && filter_calls(profile);
}

#else

static bool
close_doors(enum quo_sandbox profile)
{
	(void)profile;
	return true;
}

#endif

bool
quo_sandbox_enter(enum quo_sandbox profile)
{
	return limit(RLIMIT_CPU, CPU_SECONDS) &&
	    limit(RLIMIT_FSIZE, QUO_FRAMES_MAX) && close_doors(profile);
}
