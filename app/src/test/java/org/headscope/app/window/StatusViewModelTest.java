package org.headscope.app.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import javafx.beans.property.SimpleStringProperty;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusViewModelTest {
    private final CountDownLatch finish = new CountDownLatch(1);
    private final JobRunner runner = JobRunner.headless(1);
    private final StatusViewModel model = new StatusViewModel(runner, new SimpleStringProperty());

    @AfterEach
    void close() {
        finish.countDown();
        runner.close();
    }

    @Test
    void jobThatJustBeganIsNotShown() throws InterruptedException {
        startJob();
        model.refreshJobs();

        assertThat(model.jobs()).isEmpty();
    }

    @Test
    void jobThatTakesLongerIsShownOnce() throws InterruptedException {
        startJob();
        Thread.sleep(StatusViewModel.WORTH_SHOWING.plusMillis(50).toMillis());
        model.refreshJobs();
        model.refreshJobs();

        assertThat(model.jobs()).extracting(JobItem::title).containsExactly("sweep");
    }

    @Test
    void endedJobDisappears() throws InterruptedException {
        Job<Boolean> job = startJob();
        Thread.sleep(StatusViewModel.WORTH_SHOWING.plusMillis(50).toMillis());
        model.refreshJobs();
        finish.countDown();
        job.await();
        model.refreshJobs();

        assertThat(model.jobs()).isEmpty();
    }

    @Test
    void stoppingJobSaysSo() throws InterruptedException {
        startJob();
        Thread.sleep(StatusViewModel.WORTH_SHOWING.plusMillis(50).toMillis());
        model.refreshJobs();
        JobItem item = model.jobs().get(0);
        item.cancel();

        assertThat(item.textProperty().get()).isEqualTo("stopping…");
    }

    @Test
    void memoryIsToldInMegabytes() {
        model.refreshMemory();

        assertThat(model.memoryProperty().get()).matches("\\d+ MB|\\d+\\.\\d GB");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 MB", "1048576, 1 MB", "1073741824, 1.0 GB", "2684354560, 2.5 GB"})
    void largeSizesAreToldInGigabytes(long bytes, String text) {
        assertThat(StatusViewModel.megabytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"10, about 1 s left", "45200, about 45 s left", "119000, about 119 s left", "200000, about 3 min left"})
    void timeLeftIsToldAsRoughlyAsItIsKnown(long millis, String text) {
        assertThat(JobItem.left(Duration.ofMillis(millis))).isEqualTo(text);
    }

    private Job<Boolean> startJob() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Job<Boolean> job = runner.submit(Job.of("sweep", context -> {
            started.countDown();
            finish.await();
            return true;
        }));
        started.await();
        return job;
    }
}
