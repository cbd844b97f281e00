package org.headscope.app.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobTest {
    private final Queue<Runnable> pending = new ArrayDeque<>();
    private final JobRunner runner = JobRunner.headless(2);

    @AfterEach
    void closeRunner() {
        runner.close();
    }

    @Test
    void awaitReturnsTheResult() {
        Job<Integer> job = runner.submit(Job.of("add", context -> 2 + 3));

        assertThat(job.await()).isEqualTo(5);
    }

    @Test
    void awaitThrowsTheUncheckedFailureItself() {
        Job<Object> job = runner.submit(Job.of("fail", context -> {
            throw new HeadscopeException("no such head");
        }));

        assertThatThrownBy(job::await)
                .isExactlyInstanceOf(HeadscopeException.class)
                .hasMessage("no such head");
    }

    @Test
    void awaitWrapsACheckedFailureWithTheTitle() {
        Job<Object> job = runner.submit(Job.of("Reading weights", context -> {
            throw new IOException("disk gone");
        }));

        assertThatThrownBy(job::await)
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("Reading weights")
                .hasMessageContaining("disk gone")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void workRunsOnAThreadNamedAfterHeadscope() {
        Job<String> job =
                runner.submit(Job.of("who", context -> Thread.currentThread().getName()));

        assertThat(job.await()).startsWith("headscope-job-");
    }

    @Test
    void runningJobStopsAtItsNextCheck() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Job<Object> job = runner.submit(Job.of("forever", context -> {
            started.countDown();
            while (true) {
                context.checkCancelled();
                Thread.onSpinWait();
            }
        }));
        started.await();

        job.cancel();

        assertThatThrownBy(job::await).isInstanceOf(JobCancelledException.class);
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void jobCancelledBeforeItStartsNeverRuns() {
        AtomicBoolean ran = new AtomicBoolean();
        Job<Boolean> job = Job.of("never", context -> ran.getAndSet(true));

        job.cancel();
        runner.submit(job);

        assertThatThrownBy(job::await).isInstanceOf(JobCancelledException.class);
        assertThat(ran).isFalse();
    }

    @Test
    void cancelBetweenResultAndDeliveryDropsTheResult() {
        List<Object> delivered = new ArrayList<>();
        Job<String> job = bound(Job.<String>of("late", context -> "old").whenDone(delivered::add));
        job.execute();

        job.cancel();
        deliverAll();

        assertThat(delivered).isEmpty();
    }

    @Test
    void droppedResultIsClosed() {
        AtomicBoolean closed = new AtomicBoolean();
        Job<AutoCloseable> job = bound(Job.of("late", context -> () -> closed.set(true)));
        job.execute();

        job.cancel();
        deliverAll();

        assertThat(closed).isTrue();
    }

    @Test
    void deliveredResultStaysOpen() {
        AtomicBoolean closed = new AtomicBoolean();
        Job<AutoCloseable> job = bound(Job.of("kept", context -> () -> closed.set(true)));

        job.execute();
        deliverAll();

        assertThat(closed).isFalse();
    }

    @Test
    void burstOfProgressIsAnnouncedOnce() {
        List<Double> seen = new ArrayList<>();
        Job<String> job = bound(Job.<String>of("steps", context -> {
                    for (int step = 1; step <= 100; step++) {
                        context.progress(step, 100);
                    }
                    return "";
                })
                .whenChanged(changed -> seen.add(changed.progress())));

        job.execute();
        deliverAll();

        assertThat(seen).containsExactly(1.0);
    }

    @Test
    void progressWithoutTotalIsUnknown() {
        Job<Double> job = Job.of("steps", context -> {
            context.progress(3, 0);
            return 0.0;
        });

        runner.submit(job).await();

        assertThat(job.progress()).isEqualTo(Job.UNKNOWN);
    }

    @Test
    void partialResultsArriveInOrderBeforeTheResult() {
        List<String> seen = new ArrayList<>();
        Job<String> job = bound(Job.<String>of("stream", context -> {
                    context.deliver(() -> seen.add("first"));
                    context.deliver(() -> seen.add("second"));
                    return "whole";
                })
                .whenDone(seen::add));

        job.execute();
        deliverAll();

        assertThat(seen).containsExactly("first", "second", "whole");
    }

    @Test
    void partialResultOfACancelledJobIsDropped() {
        List<String> seen = new ArrayList<>();
        Job<String> job = bound(Job.of("stream", context -> {
            context.deliver(() -> seen.add("late"));
            return "";
        }));
        job.execute();

        job.cancel();
        deliverAll();

        assertThat(seen).isEmpty();
    }

    @Test
    void failureWithAHandlerStaysOutOfTheSink() {
        List<String> seen = new ArrayList<>();
        Job<Object> job = Job.<Object>of("bad", context -> {
                    throw new IOException("x");
                })
                .whenFailed(failure -> seen.add("handler " + failure.getMessage()));
        job.bind(pending::add, failure -> seen.add("sink"));

        job.execute();
        deliverAll();

        assertThat(seen).containsExactly("handler x");
    }

    @Test
    void failureWithoutAHandlerReachesTheSink() {
        List<String> seen = new ArrayList<>();
        Job<Object> job = Job.of("bad", context -> {
            throw new IOException("x");
        });
        job.bind(
                pending::add,
                failure -> seen.add(failure.title() + " " + failure.cause().getMessage()));

        job.execute();
        deliverAll();

        assertThat(seen).containsExactly("bad x");
    }

    @Test
    void failureAfterCancelCountsAsCancelled() {
        Job<Object> job = Job.of("bad", context -> {
            context.token().cancel();
            throw new IOException("engine closed under me");
        });

        job.execute();

        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    private <T> Job<T> bound(Job<T> job) {
        job.bind(pending::add, failure -> {});
        return job;
    }

    private void deliverAll() {
        for (Runnable task = pending.poll(); task != null; task = pending.poll()) {
            task.run();
        }
    }
}
