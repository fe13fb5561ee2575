/* job.h - the worker pool's contract: who may run how much at once.
 *
 * A job owns its data while it runs; the loop thread makes it and takes it back. At
 * most one computing job a core and JOBS_READING reads run at once, and the pool has
 * room for more, so that reads that hang stop nothing else. */
#ifndef ENITOP_JOB_H
#define ENITOP_JOB_H

#include <stdint.h>
#include <uv.h>

#define JOBS_READING 4

/* Sizes the pool and sets up the allocator. Call first thing in main(). */
void job_setup(void);
/* Where all data may take so many bytes: of little memory what is freed goes back to the system at
 * once, so that holes do not add to it. Call before there are threads. */
void job_set_memory(uint64_t bytes);
/* Opens the loop and starts the threads of the pool. libuv aborts where it gets no descriptors or
 * threads for those: the first are tried before, of threads the abort is caught, and the program
 * ends with a message and status 2. 0 or negative errno, with a message on standard error; the loop
 * is not open then. */
int job_loop_init(uv_loop_t *loop);
/* How many computing jobs may run at once. */
unsigned job_cores(void);
/* Called in a job: its thread steps back behind the loop's from now on, so that a key that
 * comes while both cores decode waits for neither. */
void job_step_back(void);
/* Gives back what the allocator keeps for jobs to come: when those have come to rest. */
void job_trim(void);

#endif
