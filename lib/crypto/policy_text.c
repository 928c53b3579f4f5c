/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "crypto/policy.h"

static bool
valid(const char *text, size_t len, bool lines)
{
	uint32_t point = 0;
	size_t n;

	for (; len > 0; text += n, len -= n) {
		n = quo_utf8_decode(text, len, &point);
		if (n == 0 || (point < 0x20 && !(lines && point == '\n')) ||
		    (point >= 0x7F && point <= 0x9F))
			return false;
	}
	return true;
}

bool
quo_text_valid(const char *text, size_t len)
{
	return valid(text, len, false);
}

bool
quo_note_valid(const char *text, size_t len)
{
	return valid(text, len, true);
}

enum quo_err
quo_policy_name(struct quo_policy *policy, unsigned serial, const char *name)
{
	char *copy = NULL;

	if (name != NULL && (strlen(name) > QUO_NAME_MAX || *name == '\0' ||
	    !quo_text_valid(name, strlen(name))))
		return QUO_EINVAL;
	for (size_t i = 0; i < policy->count; i++) {
		if (serial == 0 || policy->nodes[i].serial != serial)
			continue;
		if (name != NULL && (copy = strdup(name)) == NULL)
			return QUO_ENOMEM;
		free(policy->nodes[i].name);
		policy->nodes[i].name = copy;
		return QUO_OK;
	}
	return QUO_EINVAL;
}

/* Parsing */

struct parser {
	const char *text;
	size_t at;
	struct quo_policy *policy;
	const char *why;
	size_t where;
	bool no_memory;
};

static bool
refuse(struct parser *p, size_t at, const char *why)
{
	if (p->why == NULL) {
		p->why = why;
		p->where = at;
	}
	return false;
}

static void
skip_space(struct parser *p)
{
	p->at += strspn(p->text + p->at, " \t\r\n");
}

static bool
expect(struct parser *p, char c, const char *why)
{
	skip_space(p);
	if (p->text[p->at] != c)
		return refuse(p, p->at, why);
	p->at++;
	return true;
}

/* "k of (" ahead, and not a name that begins with digits? */
static bool
group_ahead(const struct parser *p)
{
	const char *s = p->text + p->at;
	size_t digits = strspn(s, "0123456789"), space;

	space = strspn(s + digits, " \t\r\n");
	if (digits == 0 || space == 0)
		return false;
	s += digits + space;
	return strncmp(s, "of", 2) == 0 &&
	    s[2 + strspn(s + 2, " \t\r\n")] == '(';
}

/* A bare or quoted name into name, which takes QUO_NAME_MAX bytes. */
static bool
take_name(struct parser *p, char name[QUO_NAME_MAX + 1])
{
	bool quoted = p->text[p->at] == '"';
	size_t start = p->at, len = 0;
	char c;

	p->at += quoted ? 1 : 0;
	for (;; p->at++) {
		c = p->text[p->at];
		if (c == '\0' || (quoted ? c == '"' :
		    strchr(" \t\r\n,()\"", c) != NULL))
			break;
		if (quoted && c == '\\') {
			c = p->text[++p->at];
			if (c != '"' && c != '\\')
				return refuse(p, p->at,
				    "only \\\" and \\\\ stand behind \\");
		}
		if (len == QUO_NAME_MAX)
			return refuse(p, start,
			    "a name has at most 255 bytes");
		name[len++] = c;
	}
	if (quoted && c != '"')
		return refuse(p, start, "the closing quote is missing");
	p->at += quoted ? 1 : 0;
	name[len] = '\0';
	if (len == 0)
		return refuse(p, start, "a name is missing here");
	if (!quo_text_valid(name, len))
		return refuse(p, start, "a name is UTF-8 without controls");
	return true;
}

static bool
take_leaf(struct parser *p, uint8_t x)
{
	struct quo_policy *policy = p->policy;
	struct quo_policy_node *node = &policy->nodes[policy->count];
	bool bare = p->text[p->at] != '"';
	size_t start = p->at;
	char name[QUO_NAME_MAX + 1];

	if (!take_name(p, name))
		return false;
	if (policy->cards == QUO_CARDS_MAX)
		return refuse(p, start, "a set has at most 255 cards");
	policy->cards++;
	policy->count++;
	*node = (struct quo_policy_node){
		.x = x, .serial = (uint8_t)policy->cards, .span = 1,
	};
	if (bare && strcmp(name, "_") == 0)
		return true;
	node->name = strdup(name);
	p->no_memory = node->name == NULL;
	return !p->no_memory;
}

static bool take_group(struct parser *p, uint8_t x, unsigned depth);

static bool
take_children(struct parser *p, unsigned depth, unsigned *children)
{
	size_t start = p->at;
	bool ok;

	for (*children = 0;; p->at++) {
		skip_space(p);
		if (*children == 255)
			return refuse(p, p->at,
			    "a group has at most 255 members");
		++*children;
		ok = group_ahead(p) ?
		    take_group(p, (uint8_t)*children, depth + 1) :
		    take_leaf(p, (uint8_t)*children);
		if (!ok)
			return false;
		skip_space(p);
		if (p->text[p->at] != ',')
			break;
	}
	if (!expect(p, ')', "a comma or ) is missing here"))
		return false;
	return *children >= 2 ||
	    refuse(p, start, "a group has two members or more");
}

static bool
take_group(struct parser *p, uint8_t x, unsigned depth)
{
	struct quo_policy *policy = p->policy;
	size_t at = policy->count, start = p->at;
	unsigned long threshold;
	unsigned children;
	char *end;

	if (depth > QUO_POLICY_DEPTH)
		return refuse(p, start, "groups nest four deep at most");
	threshold = strtoul(p->text + p->at, &end, 10);
	p->at = (size_t)(end - p->text);
	skip_space(p);
	p->at += 2;	/* "of", which group_ahead saw */
	if (!expect(p, '(', "( is missing here"))
		return false;
	if (policy->count >= QUO_POLICY_NODES - 1)
		return refuse(p, start, "a set has at most 255 cards");
	policy->nodes[policy->count++] = (struct quo_policy_node){ .x = x };
	if (!take_children(p, depth, &children))
		return false;
	if (threshold < 1 || threshold > children)
		return refuse(p, start,
		    "the number before \"of\" is 1 to the group's members");
	policy->nodes[at].threshold = (uint8_t)threshold;
	policy->nodes[at].children = (uint8_t)children;
	policy->nodes[at].span = (uint16_t)(policy->count - at);
	return true;
}

enum quo_err
quo_policy_parse(const char *text, struct quo_policy **policy,
    struct quo_policy_error *error)
{
	struct parser p = { .text = text };
	struct quo_policy *tree = quo_policy_blank();
	bool ok;

	if (tree == NULL)
		return QUO_ENOMEM;
	p.policy = tree;
	skip_space(&p);
	ok = group_ahead(&p) ? take_group(&p, 0, 1) :
	    refuse(&p, p.at, "a policy begins like \"2 of (\"");
	skip_space(&p);
	if (ok && text[p.at] != '\0')
		ok = refuse(&p, p.at, "nothing may follow the last )");
	if (!ok) {
		quo_policy_free(tree);
		if (p.no_memory)
			return QUO_ENOMEM;
		*error = (struct quo_policy_error){ p.where, p.why };
		return QUO_ESYNTAX;
	}
	*policy = tree;
	return QUO_OK;
}

/* Printing */

struct text {
	char *data;
	size_t len;
	bool failed;
};

static void __attribute__((format(printf, 2, 3)))
add(struct text *t, const char *format, ...)
{
	va_list ap;
	char *piece, *more;
	int n;

	va_start(ap, format);
	n = vasprintf(&piece, format, ap);
	va_end(ap);
	more = n < 0 ? NULL : realloc(t->data, t->len + (size_t)n + 1);
	if (more == NULL) {
		t->failed = true;
	} else {
		memcpy(more + t->len, piece, (size_t)n + 1);
		t->data = more;
		t->len += (size_t)n;
	}
	if (n >= 0)
		free(piece);
}

static char *
finish(struct text *t)
{
	if (t->failed) {
		free(t->data);
		return NULL;
	}
	return t->data;
}

/* Whether a bare name would read back as something else. */
static bool
wants_quotes(const char *name)
{
	struct parser p = { .text = name };

	return strpbrk(name, " \t\r\n,()\"\\") != NULL ||
	    strcmp(name, "_") == 0 || group_ahead(&p);
}

static void
print_name(struct text *t, const char *name)
{
	if (name == NULL) {
		add(t, "_");
	} else if (!wants_quotes(name)) {
		add(t, "%s", name);
	} else {
		add(t, "\"");
		for (; *name != '\0'; name++)
			add(t, *name == '"' || *name == '\\' ? "\\%c" : "%c",
			    *name);
		add(t, "\"");
	}
}

static void
print_node(struct text *t, const struct quo_policy *p, size_t i)
{
	const struct quo_policy_node *node = &p->nodes[i];
	size_t child = i + 1;

	if (node->threshold == 0) {
		print_name(t, node->name);
		return;
	}
	add(t, "%u of (", node->threshold);
	for (unsigned c = 0; c < node->children; c++) {
		add(t, c == 0 ? "" : ", ");
		print_node(t, p, child);
		child += p->nodes[child].span;
	}
	add(t, ")");
}

char *
quo_policy_print(const struct quo_policy *policy)
{
	struct text t = { 0 };

	print_node(&t, policy, 0);
	return finish(&t);
}

static void describe(struct text *t, const struct quo_policy *p, size_t i);

/* The members of a group: "A and B" where all are needed, else "A; B; C". */
static void
describe_members(struct text *t, const struct quo_policy *p, size_t i)
{
	const struct quo_policy_node *node = &p->nodes[i];
	bool all = node->threshold == node->children;
	size_t child = i + 1;

	if (!all)
		add(t, "any %u of these %u: ", node->threshold,
		    node->children);
	for (unsigned c = 0; c < node->children; c++) {
		add(t, "%s", c == 0 ? "" : all ? " and " : "; ");
		describe(t, p, child);
		child += p->nodes[child].span;
	}
}

/* A child of the root or deeper, as "card 4", "any 2 of cards 1-3". */
static void
describe(struct text *t, const struct quo_policy *p, size_t i)
{
	const struct quo_policy_node *node = &p->nodes[i];
	unsigned first = p->nodes[i + 1].serial;

	if (node->threshold == 0) {
		add(t, "card %u", node->serial);
	} else if (node->span == node->children + 1u) {
		if (node->threshold == node->children)
			add(t, "all of cards %u-%u", first,
			    first + node->children - 1);
		else
			add(t, "any %u of cards %u-%u", node->threshold,
			    first, first + node->children - 1);
	} else {
		add(t, "(");
		describe_members(t, p, i);
		add(t, ")");
	}
}

char *
quo_policy_sentence(const struct quo_policy *policy)
{
	const struct quo_policy_node *root = &policy->nodes[0];
	struct text t = { 0 };

	if (root->span != root->children + 1u)
		describe_members(&t, policy, 0);
	else if (root->threshold == root->children)
		add(&t, "all %u cards", root->children);
	else
		add(&t, "any %u of %u cards", root->threshold,
		    root->children);
	return finish(&t);
}
