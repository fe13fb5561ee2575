/* detect_nat_waste.c - NAT_WASTE: a NAT gateway is paid for what a gateway endpoint leads to for
 * nothing. The sums are those of tolls.h. */
#include <stdlib.h>

#include "triage/tell.h"
#include "triage/tolls.h"
#include "triage/why_case.h"

static bool rests(const struct evidence_sums *sums)
{
	return sums->tolls != NULL;
}

static void say_evidence(const struct judging *j, const struct nat_waste *w, struct finding *f)
{
	char cost[48];

	tell_times(w->since, w->until, &f->evidence);
	buf_puts(&f->evidence, "\nin all ");
	tell_bytes(w->bytes, &f->evidence);
	buf_printf(&f->evidence, ", %s at %s\n", human_cost(cost, sizeof cost, w->cost),
		   judging_evidence(j)->sums.prices->source);
	for (unsigned i = 0; i < w->clients; i++) {
		buf_puts(&f->evidence, "client ");
		judging_add_host(j, w->client[i].address, &f->evidence);
		buf_puts(&f->evidence, "  ");
		tell_bytes(w->client[i].bytes, &f->evidence);
		buf_putc(&f->evidence, '\n');
	}
}

static void say_subject(const struct interface *e, const struct nat_waste *w, struct finding *f)
{
	if (e->has[0] || e->has[1])
		finding_about_address(f, SUBJECT_VIA, e->address[!e->has[0]]);
	finding_about(f, SUBJECT_INTERFACE, e->interface);
	finding_about(f, SUBJECT_SERVICE, toll_service_name(w->service));
}

static void say_next(const struct interface *e, const char *service, struct finding *f)
{
	buf_printf(&f->next,
		   "aws ec2 describe-nat-gateways --filter Name=vpc-id,Values=%s\n"
		   "aws ec2 create-vpc-endpoint --vpc-id %s --service-name com.amazonaws.REGION.%s "
		   "--route-table-ids THOSE-OF-ITS-CLIENTS\n"
		   "  (a gateway endpoint: nothing is paid by the byte)\n",
		   why_id_or(e->vpc, "VPC"), why_id_or(e->vpc, "VPC"), service);
}

static void find(struct judging *j, const struct nat_waste *w)
{
	const struct interface *e = places_at(judging_evidence(j)->places, w->via);
	const char *service = toll_service_name(w->service);
	uint64_t limit = (uint64_t)judging_limit(j, &detect_nat_waste, "bytes");
	struct finding *f = judging_find(j, &detect_nat_waste, SEVERITY_INFO, CONFIDENCE_PROVEN,
					 w->since, w->until);
	char cost[48];

	f->open = judging_is_open(j, w->until);
	f->measure = (double)w->hour;
	say_subject(e, w, f);
	buf_printf(&f->what, "%s through ", service);
	tell_place(j, w->via, &f->what);
	buf_puts(&f->what, ": ");
	tell_bytes(w->hour, &f->what);
	buf_printf(&f->what, " an hour, about %s",
		   human_cost(cost, sizeof cost,
			      cost_of(judging_evidence(j)->sums.prices->nat, w->hour)));
	tell_bytes(w->hour, &f->value);
	buf_puts(&f->value, " an hour");
	tell_bytes(limit, &f->limit);
	buf_puts(&f->limit, " an hour");
	buf_printf(&f->text,
		   "The NAT gateway is paid for each byte that goes to %s and comes from there; "
		   "through a gateway endpoint in the route tables of its clients the same bytes "
		   "cost nothing.",
		   service);
	say_evidence(j, w, f);
	finding_records_at(j, w->via, f);
	buf_printf(&f->records,
		   " and (aws-service=%s or pkt-src-aws-service=%s or pkt-dst-aws-service=%s)",
		   service, service, service);
	say_next(e, w->service == TOLL_S3 ? "s3" : "dynamodb", f);
}

static void judge(void *state, struct judging *j)
{
	const struct evidence *v = judging_evidence(j);
	const struct nat_waste_limits l = { (uint64_t)judging_limit(j, &detect_nat_waste,
								    "bytes") };
	struct nat_waste *all;
	size_t n = nat_waste_find(v->sums.tolls, l, v->sums.prices, v->begin, v->now, &all);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		all[i].until = all[i].until < v->now ? all[i].until : v->now;
		all[i].since = all[i].since > v->begin ? all[i].since : v->begin;
		find(j, &all[i]);
	}
	free(all);
}

const struct detector detect_nat_waste = {
	.name = "nat_waste",
	.title =
		"a NAT gateway is paid for S3 or DynamoDB, which a gateway endpoint has for nothing",
	.wrong = "a bucket of another region: no gateway endpoint leads there\n"
		 "an endpoint's policy, or a route table that may not have one\n",
	.refutes = "describe-vpc-endpoints lists one for the service, in the route tables of these "
		   "clients\n",
	.threshold = { { "bytes", 2e9, "B",
			 "in an hour through one gateway, 2,000,000,000 B: $0.09 at the listed "
			 "price, $66 in a month of such hours" } },
	.judge = judge,
	.rests = rests,
};
