package org.headscope.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatestJobTest {
    private final JobRunner runner = JobRunner.headless(1);
    private final LatestJob latest = new LatestJob(runner);
    private final List<String> delivered = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeRunner() {
        runner.close();
    }

    @Test
    void onlyTheNewestOfANameIsDelivered() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        latest.submit(
                "mask",
                Job.of("old", context -> {
                            started.countDown();
                            goOn.await();
                            return "old";
                        })
                        .whenDone(delivered::add));
        started.await();

        Job<String> newer = latest.submit("mask", saying("new"));
        goOn.countDown();
        newer.await();
        drain();

        assertThat(delivered).containsExactly("new");
    }

    @Test
    void differentNamesDoNotDisturbEachOther() {
        Job<String> mask = latest.submit("mask", saying("mask"));
        Job<String> pattern = latest.submit("pattern", saying("pattern"));

        mask.await();
        pattern.await();
        drain();

        assertThat(delivered).containsExactly("mask", "pattern");
    }

    @Test
    void pauseCollapsesABurstIntoItsLastRequest() {
        List<String> ran = new CopyOnWriteArrayList<>();
        Job<String> last = null;
        for (int i = 0; i < 20; i++) {
            String name = "request " + i;
            last = latest.submit("slider", Duration.ofMillis(80), Job.of(name, context -> {
                ran.add(name);
                return name;
            }));
        }

        assertThat(last).isNotNull();
        last.await();

        assertThat(ran).containsExactly("request 19");
    }

    @Test
    void cancelByNameStopsTheRequest() {
        Job<String> job = latest.submit("mask", Duration.ofSeconds(30), saying("never"));

        latest.cancel("mask");

        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    private Job<String> saying(String text) {
        return Job.<String>of(text, context -> text).whenDone(delivered::add);
    }

    /** Callbacks run on the single worker after the result is out; an empty job behind them waits for them. */
    private void drain() {
        runner.submit(Job.of("drain", context -> "")).await();
    }
}
