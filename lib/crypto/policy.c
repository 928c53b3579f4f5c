/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "crypto/policy.h"

void
quo_policy_free(struct quo_policy *policy)
{
	if (policy == NULL)
		return;
	for (size_t i = 0; i < policy->count; i++)
		free(policy->nodes[i].name);
	free(policy->nodes);
	free(policy);
}

struct quo_policy *
quo_policy_blank(void)
{
	struct quo_policy *p = calloc(1, sizeof *p);

	if (p != NULL)
		p->nodes = calloc(QUO_POLICY_NODES + QUO_POLICY_DEPTH,
		    sizeof *p->nodes);
	if (p != NULL && p->nodes == NULL) {
		free(p);
		p = NULL;
	}
	return p;
}

static enum quo_err
add_leaf(struct quo_policy *p, uint8_t x)
{
	if (p->cards == QUO_CARDS_MAX)
		return QUO_EFORMAT;
	p->cards++;
	p->nodes[p->count++] = (struct quo_policy_node){
		.x = x, .serial = (uint8_t)p->cards, .span = 1,
	};
	return QUO_OK;
}

enum quo_err
quo_policy_flat(unsigned k, unsigned n, struct quo_policy **policy)
{
	struct quo_policy *p;

	if (k < 1 || k > n || n < 2 || n > QUO_CARDS_MAX)
		return QUO_EINVAL;
	p = quo_policy_blank();
	if (p == NULL)
		return QUO_ENOMEM;
	p->nodes[p->count++] = (struct quo_policy_node){
		.threshold = (uint8_t)k, .children = (uint8_t)n,
		.span = (uint16_t)(n + 1),
	};
	for (unsigned x = 1; x <= n; x++)
		add_leaf(p, (uint8_t)x);
	*policy = p;
	return QUO_OK;
}

static enum quo_err decode_node(struct quo_reader *r, struct quo_policy *p,
    uint8_t threshold, uint8_t x, unsigned depth);

/* The items of a node: runs of leaves and nodes, until its children stand. */
static enum quo_err
decode_items(struct quo_reader *r, struct quo_policy *p, unsigned children,
    unsigned depth)
{
	bool after_run = false;
	unsigned x = 1, run;
	uint8_t first;
	enum quo_err err = QUO_OK;

	while (err == QUO_OK && x <= children) {
		first = (uint8_t)quo_read_uint(r, 1);
		if (r->failed)
			return QUO_EFORMAT;
		if (first != 0) {
			err = decode_node(r, p, first, (uint8_t)x, depth + 1);
			after_run = false;
			x++;
			continue;
		}
		run = (unsigned)quo_read_uint(r, 1);
		if (after_run || run == 0 || run > children - x + 1)
			return QUO_EFORMAT;
		while (err == QUO_OK && run-- > 0)
			err = add_leaf(p, (uint8_t)x++);
		after_run = true;
	}
	return err;
}

static enum quo_err
decode_node(struct quo_reader *r, struct quo_policy *p, uint8_t threshold,
    uint8_t x, unsigned depth)
{
	uint8_t children = (uint8_t)quo_read_uint(r, 1);
	size_t at = p->count;
	enum quo_err err;

	/* The tree can't fill its array before it has too many leaves. */
	if (r->failed || depth > QUO_POLICY_DEPTH || children < 2 ||
	    threshold < 1 || threshold > children ||
	    p->count == QUO_POLICY_NODES - 1)
		return QUO_EFORMAT;
	p->nodes[p->count++] = (struct quo_policy_node){
		.threshold = threshold, .children = children, .x = x,
	};
	err = decode_items(r, p, children, depth);
	p->nodes[at].span = (uint16_t)(p->count - at);
	return err;
}

enum quo_err
quo_policy_decode(struct quo_reader *r, struct quo_policy **policy)
{
	struct quo_policy *p = quo_policy_blank();
	uint8_t threshold = (uint8_t)quo_read_uint(r, 1);
	enum quo_err err;

	if (p == NULL)
		return QUO_ENOMEM;
	err = decode_node(r, p, threshold, 0, 1);
	if (err == QUO_OK)
		*policy = p;
	else
		quo_policy_free(p);
	return err;
}

static void
encode_node(const struct quo_policy *p, size_t i, struct quo_writer *w)
{
	size_t end = i + p->nodes[i].span, child = i + 1, run;

	quo_write_uint(w, p->nodes[i].threshold, 1);
	quo_write_uint(w, p->nodes[i].children, 1);
	while (child < end) {
		if (p->nodes[child].threshold != 0) {
			encode_node(p, child, w);
			child += p->nodes[child].span;
			continue;
		}
		for (run = 0; child < end &&
		    p->nodes[child].threshold == 0; run++)
			child++;
		quo_write_uint(w, 0, 1);
		quo_write_uint(w, run, 1);
	}
}

void
quo_policy_encode(const struct quo_policy *policy, struct quo_writer *w)
{
	encode_node(policy, 0, w);
}

const struct quo_policy_node *
quo_policy_leaf(const struct quo_policy *policy, unsigned serial)
{
	for (size_t i = 0; serial > 0 && i < policy->count; i++)
		if (policy->nodes[i].serial == serial)
			return &policy->nodes[i];
	return NULL;
}

/* The fewest further cards for the subtree of node i. */
static unsigned
lacking(const struct quo_policy *p, size_t i, const struct quo_cards *present)
{
	const struct quo_policy_node *node = &p->nodes[i];
	unsigned few[QUO_CARDS_MAX], sum = 0, n = 0, v;
	size_t child = i + 1;

	if (node->threshold == 0)
		return present->has[node->serial] ? 0 : 1;
	/* The cheapest `threshold` children, kept sorted. */
	for (unsigned c = 0; c < node->children; c++) {
		v = lacking(p, child, present);
		child += p->nodes[child].span;
		unsigned at = n++;
		for (; at > 0 && few[at - 1] > v; at--)
			few[at] = few[at - 1];
		few[at] = v;
	}
	for (unsigned c = 0; c < node->threshold; c++)
		sum += few[c];
	return sum;
}

unsigned
quo_policy_lacking(const struct quo_policy *policy,
    const struct quo_cards *present)
{
	return lacking(policy, 0, present);
}

bool
quo_policy_satisfied(const struct quo_policy *policy,
    const struct quo_cards *present)
{
	return lacking(policy, 0, present) == 0;
}

static void
mark_useful(const struct quo_policy *p, size_t i,
    const struct quo_cards *present, struct quo_cards *useful)
{
	const struct quo_policy_node *node = &p->nodes[i];
	size_t child = i + 1;

	if (lacking(p, i, present) == 0)
		return;
	if (node->threshold == 0)
		useful->has[node->serial] = true;
	for (unsigned c = 0; c < node->children; c++) {
		mark_useful(p, child, present, useful);
		child += p->nodes[child].span;
	}
}

void
quo_policy_useful(const struct quo_policy *policy,
    const struct quo_cards *present, struct quo_cards *useful)
{
	memset(useful, 0, sizeof *useful);
	mark_useful(policy, 0, present, useful);
}

/* Which person holds each card: those of one name are one; gives how many. */
static unsigned
people(const struct quo_policy *p, unsigned who[QUO_CARDS_MAX + 1])
{
	const char *names[QUO_CARDS_MAX];
	unsigned n = 0, j;

	for (size_t i = 0; i < p->count; i++) {
		const struct quo_policy_node *node = &p->nodes[i];

		if (node->threshold != 0)
			continue;
		for (j = 0; j < n; j++)
			if (node->name != NULL && names[j] != NULL &&
			    strcmp(names[j], node->name) == 0)
				break;
		if (j == n)
			names[n++] = node->name;
		who[node->serial] = j;
	}
	return n;
}

/* Take cards away while the rest is enough: a quorum with none to spare. */
static unsigned
thin(const struct quo_policy *p, const unsigned *who, unsigned n,
    struct quo_cards *cards)
{
	struct quo_cards fewer;
	unsigned left = 0;

	for (unsigned s = 1; s <= p->cards; s++)
		cards->has[s] = true;
	for (unsigned person = 0; person < n; person++) {
		fewer = *cards;
		for (unsigned s = 1; s <= p->cards; s++)
			if (who[s] == person)
				fewer.has[s] = false;
		if (quo_policy_satisfied(p, &fewer))
			*cards = fewer;
		else
			left++;
	}
	return left;
}

unsigned
quo_policy_smallest(const struct quo_policy *policy, struct quo_cards *cards)
{
	unsigned who[QUO_CARDS_MAX + 1], n, best, size;
	struct quo_cards some;

	n = people(policy, who);
	memset(cards, 0, sizeof *cards);
	if (n == policy->cards) {
		/* One card a person: as many people as cards lacking. */
		best = quo_policy_lacking(policy, cards);
		for (unsigned s = 1; s <= policy->cards; s++) {
			size = quo_policy_lacking(policy, cards);
			cards->has[s] = true;
			if (quo_policy_lacking(policy, cards) == size)
				cards->has[s] = false;
		}
		return best;
	}
	best = thin(policy, who, n, cards);
	for (uint32_t set = 1; n <= 20 && set < 1u << n; set++) {
		size = (unsigned)__builtin_popcount(set);
		if (size >= best)
			continue;
		memset(&some, 0, sizeof some);
		for (unsigned s = 1; s <= policy->cards; s++)
			some.has[s] = set >> who[s] & 1;
		if (quo_policy_satisfied(policy, &some)) {
			best = size;
			*cards = some;
		}
	}
	return best;
}
