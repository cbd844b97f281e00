package org.headscope.app.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobRunnerTest {
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch bothStarted = new CountDownLatch(2);
    private final JobRunner runner = JobRunner.headless(2);

    @AfterEach
    void release() {
        gate.countDown();
        runner.close();
    }

    @Test
    void neverMoreJobsAtOnceThanThreads() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Job<Integer>> jobs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            jobs.add(runner.submit(Job.of("busy", context -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.sleep(5);
                return now.decrementAndGet();
            })));
        }

        jobs.forEach(Job::await);

        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void activeListsQueuedAndRunningOldestFirst() {
        Job<Boolean> first = runner.submit(waiting("first"));
        Job<Boolean> second = runner.submit(waiting("second"));
        Job<Boolean> third = runner.submit(waiting("third"));

        assertThat(runner.active()).isEqualTo(List.of(first, second, third));
    }

    @Test
    void endedJobLeavesTheActiveList() {
        Job<Boolean> job = runner.submit(waiting("one"));
        gate.countDown();
        job.await();

        assertThat(runner.active()).isEmpty();
    }

    @Test
    void cancelAllEndsQueuedJobsAtOnce() throws InterruptedException {
        runner.submit(waiting("first"));
        runner.submit(waiting("second"));
        bothStarted.await();
        Job<Boolean> queued = runner.submit(waiting("third"));

        runner.cancelAll();

        assertThat(queued.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void tooManyWaitingJobsAreRefusedByName() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        runner.submit(waiting("job " + i));
                    }
                })
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("job 258")
                .hasMessageContaining("256 jobs are waiting");
    }

    private Job<Boolean> waiting(String title) {
        return Job.of(title, context -> {
            bothStarted.countDown();
            gate.await();
            return true;
        });
    }
}
