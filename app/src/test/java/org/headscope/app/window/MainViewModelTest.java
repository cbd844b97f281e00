package org.headscope.app.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import javafx.beans.property.SimpleStringProperty;
import org.headscope.app.job.JobRunner;
import org.headscope.app.testing.AnsweringDialogs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MainViewModelTest {
    private final JobRunner runner = JobRunner.headless(1);

    @AfterEach
    void close() {
        runner.close();
    }

    @Test
    void firstViewIsShownAtFirst() {
        assertThat(model("explore", "mask").currentProperty().get().id()).isEqualTo("explore");
    }

    @Test
    void viewOfAnotherVersionChangesNothing() {
        MainViewModel model = model("explore", "mask");
        model.show("mask");
        model.show("holodeck");

        assertThat(model.currentProperty().get().id()).isEqualTo("mask");
    }

    @Test
    void twoViewsOfOneNameAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model("mask", "mask"))
                .withMessageContaining("mask");
    }

    private MainViewModel model(String... ids) {
        List<ViewSpec> views = List.of(ids).stream()
                .map(id -> new ViewSpec(id, "", () -> {
                    throw new AssertionError("views are made when they are shown");
                }))
                .toList();
        return new MainViewModel(
                views,
                new ModelPickerViewModel(new AnsweringDialogs()),
                new StatusViewModel(runner, new SimpleStringProperty()));
    }
}
