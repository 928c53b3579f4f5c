/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "crypto/shamir.h"
#include "crypto/tree.h"

#define LEN QUO_SHARE_LEN

/* Deal value to the subtree of node i. */
static enum quo_err
split_node(const struct quo_policy *p, size_t i, const uint8_t *value,
    uint8_t (*shares)[LEN])
{
	const struct quo_policy_node *node = &p->nodes[i];
	struct quo_secret *rows = NULL;
	size_t child = i + 1;
	enum quo_err err;

	if (node->threshold == 0) {
		memcpy(shares[node->serial - 1], value, LEN);
		return QUO_OK;
	}
	err = quo_secret_new((size_t)node->children * LEN, &rows);
	if (err == QUO_OK)
		err = quo_shamir_split(value, LEN, node->threshold,
		    node->children, rows->data);
	for (unsigned c = 0; err == QUO_OK && c < node->children; c++) {
		err = split_node(p, child, rows->data + c * LEN, shares);
		child += p->nodes[child].span;
	}
	quo_secret_free(rows);
	return err;
}

enum quo_err
quo_tree_split(const struct quo_policy *policy, const uint8_t k[QUO_KEY_LEN],
    uint8_t (*shares)[QUO_SHARE_LEN])
{
	enum quo_err err;

	memset(shares, 0, policy->cards * sizeof shares[0]);
	err = split_node(policy, 0, k, shares);
	if (err != QUO_OK)
		quo_wipe(shares, policy->cards * sizeof shares[0]);
	return err;
}

/* What a node's value is worked out from. */
struct rejoin {
	const struct quo_policy *policy;
	const struct quo_cards *use;
	const uint8_t (*shares)[LEN];
	bool prove;		/* all children must agree */
};

static enum quo_err value_of(const struct rejoin *r, size_t i,
    uint8_t value[LEN]);

/* Hold the children behind the threshold against those before it. */
static enum quo_err
compare(const struct quo_share *points, size_t t, size_t have)
{
	uint8_t expected[LEN];
	enum quo_err err = QUO_OK;

	for (size_t c = t; err == QUO_OK && c < have; c++) {
		err = quo_shamir_combine(points, t, LEN, points[c].x,
		    expected);
		if (err == QUO_OK && !quo_equal(expected, points[c].value,
		    LEN))
			err = QUO_EMISMATCH;
	}
	quo_wipe(expected, sizeof expected);
	return err;
}

/* The values of a node's children, as far as its threshold wants them. */
static enum quo_err
gather(const struct rejoin *r, size_t i, uint8_t *rows,
    struct quo_share *points, size_t *have)
{
	const struct quo_policy_node *node = &r->policy->nodes[i];
	unsigned want = r->prove ? node->children : node->threshold;
	size_t child = i + 1;
	enum quo_err err;

	for (*have = 0; *have < want && child < i + node->span;
	    child += r->policy->nodes[child].span) {
		err = value_of(r, child, rows + *have * LEN);
		if (err == QUO_ENOQUORUM)
			continue;
		if (err != QUO_OK)
			return err;
		points[*have] = (struct quo_share){
			r->policy->nodes[child].x, rows + *have * LEN,
		};
		++*have;
	}
	return *have < want ? QUO_ENOQUORUM : QUO_OK;
}

static enum quo_err
value_of(const struct rejoin *r, size_t i, uint8_t value[LEN])
{
	const struct quo_policy_node *node = &r->policy->nodes[i];
	struct quo_share points[QUO_CARDS_MAX];
	struct quo_secret *rows = NULL;
	size_t have;
	enum quo_err err;

	if (node->threshold == 0) {
		if (!r->use->has[node->serial])
			return QUO_ENOQUORUM;
		memcpy(value, r->shares[node->serial - 1], LEN);
		return QUO_OK;
	}
	err = quo_secret_new((size_t)node->children * LEN, &rows);
	if (err != QUO_OK)
		return err;
	err = gather(r, i, rows->data, points, &have);
	if (err == QUO_OK && r->prove)
		err = compare(points, node->threshold, have);
	if (err == QUO_OK)
		err = quo_shamir_combine(points, node->threshold, LEN, 0,
		    value);
	quo_secret_free(rows);
	return err;
}

enum quo_err
quo_tree_combine(const struct quo_policy *policy, const struct quo_cards *use,
    const uint8_t (*shares)[QUO_SHARE_LEN], uint8_t k[QUO_KEY_LEN])
{
	const struct rejoin r = { policy, use, shares, false };

	return value_of(&r, 0, k);
}

enum quo_err
quo_tree_prove(const struct quo_policy *policy,
    const uint8_t (*shares)[QUO_SHARE_LEN], uint8_t k[QUO_KEY_LEN])
{
	struct quo_cards all;
	const struct rejoin r = { policy, &all, shares, true };

	memset(&all, 1, sizeof all);
	return value_of(&r, 0, k);
}

/* The inner node that a leaf is a child of. */
static size_t
parent_of(const struct quo_policy *p, size_t leaf)
{
	size_t i = leaf;

	do
		i--;
	while (i + p->nodes[i].span <= leaf);
	return i;
}

enum quo_err
quo_tree_fits(const struct quo_policy *policy, const struct quo_cards *use,
    const uint8_t (*shares)[QUO_SHARE_LEN], unsigned serial, bool *fits)
{
	struct quo_cards others = *use;
	const struct rejoin r = { policy, &others, shares, false };
	size_t leaf = (size_t)(quo_policy_leaf(policy, serial) -
	    policy->nodes), parent = parent_of(policy, leaf), have;
	struct quo_share points[QUO_CARDS_MAX];
	struct quo_secret *rows = NULL;
	uint8_t expected[LEN];
	enum quo_err err;

	others.has[serial] = false;
	err = quo_secret_new((size_t)policy->nodes[parent].children * LEN,
	    &rows);
	if (err == QUO_OK)
		err = gather(&r, parent, rows->data, points, &have);
	if (err == QUO_OK)
		err = quo_shamir_combine(points, have, LEN,
		    policy->nodes[leaf].x, expected);
	if (err == QUO_OK)
		*fits = quo_equal(expected, shares[serial - 1], LEN);
	quo_wipe(expected, sizeof expected);
	quo_secret_free(rows);
	return err;
}

static uint64_t
bounded(uint64_t a, uint64_t b, bool times, uint64_t cap)
{
	if (times)
		return a != 0 && b > cap / a ? cap : a * b;
	return b > cap || a > cap - b ? cap : a + b;
}

static uint64_t count_node(const struct quo_policy *p, size_t i,
    const struct quo_cards *use, uint64_t cap);

/*
 * ways[t]: in how many ways the children from x on, first to last, make t
 * satisfied ones. Elementary symmetric polynomials of the children's counts.
 */
static void
count_children(const struct quo_policy *p, size_t child, size_t end,
    const struct quo_cards *use, uint64_t cap, uint64_t *ways, unsigned t)
{
	uint64_t c;

	memset(ways, 0, (t + 1u) * sizeof ways[0]);
	ways[0] = 1;
	for (; child < end; child += p->nodes[child].span) {
		c = count_node(p, child, use, cap);
		for (unsigned j = t; j > 0; j--)
			ways[j] = bounded(ways[j], bounded(c, ways[j - 1],
			    true, cap), false, cap);
	}
}

static uint64_t
count_node(const struct quo_policy *p, size_t i, const struct quo_cards *use,
    uint64_t cap)
{
	const struct quo_policy_node *node = &p->nodes[i];
	uint64_t ways[QUO_CARDS_MAX + 1];

	if (node->threshold == 0)
		return use->has[node->serial] ? 1 : 0;
	count_children(p, i + 1, i + node->span, use, cap, ways,
	    node->threshold);
	return ways[node->threshold];
}

uint64_t
quo_tree_quorums(const struct quo_policy *policy, const struct quo_cards *use,
    uint64_t cap)
{
	return count_node(policy, 0, use, cap);
}

/* Mark the index-th quorum of the subtree of node i. */
static void
pick(const struct quo_policy *p, size_t i, const struct quo_cards *use,
    uint64_t index, struct quo_cards *quorum)
{
	const struct quo_policy_node *node = &p->nodes[i];
	uint64_t ways[QUO_CARDS_MAX + 1], c, with;
	unsigned left = node->threshold;
	size_t child = i + 1, next, end = i + node->span;

	if (node->threshold == 0)
		quorum->has[node->serial] = true;
	for (; left > 0 && child < end; child = next) {
		next = child + p->nodes[child].span;
		c = count_node(p, child, use, UINT32_MAX);
		count_children(p, next, end, use, UINT32_MAX, ways, left);
		with = bounded(c, ways[left - 1], true, UINT32_MAX);
		if (index >= with) {
			index -= with;
			continue;
		}
		/* The later children's choice turns fastest. */
		pick(p, child, use, index / ways[left - 1], quorum);
		index %= ways[left - 1];
		left--;
	}
}

void
quo_tree_quorum(const struct quo_policy *policy, const struct quo_cards *use,
    uint64_t index, struct quo_cards *quorum)
{
	memset(quorum, 0, sizeof *quorum);
	pick(policy, 0, use, index, quorum);
}
