package org.headscope.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.headscope.app.job.JobRunner;
import org.junit.jupiter.api.Test;

class NewestRequestTest {
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch both = new CountDownLatch(2);
    private final List<String> shown = new CopyOnWriteArrayList<>();

    @Test
    void whatWasWorkedOnIsShownThenOnlyTheNewest() throws InterruptedException {
        try (JobRunner jobs = JobRunner.headless(2)) {
            NewestRequest<Integer, String> asking = new NewestRequest<>(
                    jobs, "test", this::slow, this::show, failure -> show(String.valueOf(failure.getMessage())));
            asking.ask(1);
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            asking.ask(2);
            asking.ask(3);
            asking.ask(4);
            open.countDown();
            assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(shown).containsExactly("answer 1", "answer 4");
    }

    @Test
    void failureIsToldAndTheNextQuestionStillAnswered() throws InterruptedException {
        open.countDown();
        try (JobRunner jobs = JobRunner.headless(2)) {
            NewestRequest<Integer, String> asking = new NewestRequest<>(
                    jobs, "test", this::slow, this::show, failure -> show(String.valueOf(failure.getMessage())));
            asking.ask(-1);
            while (both.getCount() > 1) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
            asking.ask(5);
            assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(shown).containsExactly("negative", "answer 5");
    }

    private String slow(int question) {
        started.countDown();
        try {
            if (!open.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (question < 0) {
            throw new IllegalArgumentException("negative");
        }
        return "answer " + question;
    }

    private void show(String text) {
        shown.add(text);
        both.countDown();
    }
}
