/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/secret.h"
#include "cmd/say.h"
#include "cmd/term.h"

#define ENTER_SCREEN "\033[?1049h\033[?25l"
#define LEAVE_SCREEN "\033[2J\033[3J\033[H\033[?1049l\033[?25h"

static const int caught[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGCONT, SIGWINCH
};
#define CAUGHT (sizeof caught / sizeof *caught)

/* A signal handler has no argument of ours: one terminal, one state. */
static struct {
	int fd;
	bool open;
	enum quo_term_mode mode;
	struct termios before, ours;
	sigset_t mask;			/* of the caller */
	struct sigaction actions[CAUGHT];
	volatile sig_atomic_t rows;
	volatile sig_atomic_t redraw;
	volatile sig_atomic_t resumed;	/* SIGTSTP saw to it: no SIGCONT */
	volatile sig_atomic_t ended;
} term;

void
quo_term_write(const void *bytes, size_t len)
{
	const char *at = bytes;
	ssize_t n;

	while (len > 0) {
		n = write(term.fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		at += n;
		len -= (size_t)n;
	}
}

/* Line by line first: some terminals keep what 2J clears as scrollback. */
static void
wipe_screen(void)
{
	sig_atomic_t i;

	quo_term_write("\033[0m\033[H", 7);
	for (i = 0; i < term.rows; i++)
		quo_term_write("\033[2K\033[B", 7);
	quo_term_write(LEAVE_SCREEN, sizeof LEAVE_SCREEN - 1);
}

/* These two also in the signal handler: nothing but system calls. */
static void
give_back(void)
{
	if (term.mode == QUO_TERM_SCREEN)
		wipe_screen();
	tcsetattr(term.fd, TCSADRAIN, &term.before);
}

static void
take_again(void)
{
	tcsetattr(term.fd, TCSADRAIN, &term.ours);
	if (term.mode == QUO_TERM_SCREEN)
		quo_term_write(ENTER_SCREEN, sizeof ENTER_SCREEN - 1);
	term.redraw = 1;
}

static void
on_signal(int number)
{
	struct sigaction ours;
	sigset_t only, inside;
	int before = errno;
	size_t i;

	for (i = 0; i < CAUGHT && caught[i] != number; i++)
		;
	if (number == SIGWINCH)
		term.redraw |= term.mode == QUO_TERM_KEYS ||
		    term.mode == QUO_TERM_SCREEN;
	else if (number == SIGCONT) {
		if (!term.resumed)
			take_again();
		term.resumed = 0;
	} else {
		give_back();
		sigaction(number, &term.actions[i], &ours);
		sigemptyset(&only);
		sigaddset(&only, number);
		raise(number);
		sigprocmask(SIG_UNBLOCK, &only, &inside);
		/* Died here, or was stopped and goes on, or survived it. */
		sigprocmask(SIG_SETMASK, &inside, NULL);
		sigaction(number, &ours, NULL);
		take_again();
		if (number == SIGTSTP)
			term.resumed = 1;
		else
			term.ended = 1;
	}
	errno = before;
}

static void
catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t all;
	size_t i;

	sigemptyset(&all);
	for (i = 0; i < CAUGHT; i++)
		sigaddset(&all, caught[i]);
	action.sa_mask = all;
	sigprocmask(SIG_BLOCK, &all, &term.mask);
	for (i = 0; i < CAUGHT; i++) {
		sigaction(caught[i], NULL, &term.actions[i]);
		if (term.actions[i].sa_handler != SIG_IGN ||
		    caught[i] == SIGWINCH || caught[i] == SIGCONT)
			sigaction(caught[i], &action, NULL);
	}
}

static void
release_signals(void)
{
	size_t i;

	for (i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &term.actions[i], NULL);
	sigprocmask(SIG_SETMASK, &term.mask, NULL);
}

enum quo_err
quo_term_open(enum quo_term_mode mode)
{
	if (!isatty(STDIN_FILENO))
		return QUO_ENOTTY;
	term.fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (term.fd < 0)
		term.fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (term.fd < 0)
		return QUO_EIO;
	if (tcgetattr(term.fd, &term.before) != 0) {
		close(term.fd);
		return QUO_ENOTTY;
	}
	term.mode = mode;
	term.redraw = term.resumed = term.ended = 0;
	term.ours = term.before;
	if (mode != QUO_TERM_LINE)
		term.ours.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	if (mode == QUO_TERM_KEYS || mode == QUO_TERM_SCREEN) {
		term.ours.c_lflag &= ~(tcflag_t)(ICANON | IEXTEN);
		term.ours.c_cc[VMIN] = 1;
		term.ours.c_cc[VTIME] = 0;
	}
	catch_signals();
	if (tcsetattr(term.fd, TCSADRAIN, &term.ours) != 0) {
		release_signals();
		close(term.fd);
		return QUO_EIO;
	}
	term.rows = 0;
	if (mode == QUO_TERM_SCREEN)
		quo_term_write(ENTER_SCREEN, sizeof ENTER_SCREEN - 1);
	term.open = true;
	return QUO_OK;
}

void
quo_term_close(void)
{
	if (!term.open)
		return;
	give_back();
	release_signals();
	close(term.fd);
	term.open = false;
}

enum quo_term_event
quo_term_read(uint8_t *byte, int milliseconds)
{
	struct timespec wait = { milliseconds / 1000,
	    milliseconds % 1000 * 1000000L };
	struct pollfd input = { .fd = term.fd, .events = POLLIN };
	int ready;

	/* Waiting is the one place where signals come in. */
	do
		ready = ppoll(&input, 1, milliseconds < 0 ? NULL : &wait,
		    &term.mask);
	while (ready < 0 && errno == EINTR && !term.ended && !term.redraw);
	if (term.ended)
		return QUO_TERM_END;
	if (term.redraw) {
		term.redraw = 0;
		return QUO_TERM_REDRAW;
	}
	if (ready == 0)
		return QUO_TERM_TIMEOUT;
	return ready > 0 && read(term.fd, byte, 1) == 1 ?
	    QUO_TERM_BYTE : QUO_TERM_END;
}

enum quo_err
quo_term_line(const char *prompt, uint8_t *line, size_t cap, size_t *len)
{
	enum quo_term_event event;
	uint8_t byte = 0;

	quo_term_text(prompt);
	for (*len = 0;;) {
		event = quo_term_read(&byte, -1);
		if (event == QUO_TERM_REDRAW) {
			quo_term_text(prompt);
			continue;
		}
		if (event == QUO_TERM_END || byte == '\n')
			break;
		if (*len < cap)
			line[*len] = byte;
		++*len;
	}
	quo_wipe(&byte, sizeof byte);
	if (event != QUO_TERM_END)
		return QUO_OK;
	quo_term_write("\n", 1);
	return QUO_ECANCEL;
}

void
quo_term_flush(void)
{
	tcflush(term.fd, TCIFLUSH);
}

void
quo_term_text(const char *text)
{
	char clean[1024];

	quo_term_write(clean, quo_say_escape(text, clean, sizeof clean));
	quo_wipe(clean, sizeof clean);
}

void
quo_term_size(unsigned *rows, unsigned *columns)
{
	struct winsize size;

	*rows = 24;
	*columns = 80;
	if (ioctl(term.fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
	    size.ws_col > 0) {
		*rows = size.ws_row;
		*columns = size.ws_col;
	}
	/* A window made smaller may bring lines back when it grows. */
	if ((sig_atomic_t)*rows > term.rows)
		term.rows = (sig_atomic_t)*rows;
}

bool
quo_term_dumb(void)
{
	const char *name = getenv("TERM");

	return name == NULL || *name == '\0' || strcmp(name, "dumb") == 0;
}

bool
quo_term_coloured(void)
{
	const char *no = getenv("NO_COLOR");

	return (no == NULL || *no == '\0') && !quo_term_dumb();
}
