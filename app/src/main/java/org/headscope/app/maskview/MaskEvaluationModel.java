package org.headscope.app.maskview;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableSet;
import org.headscope.analysis.evaluate.MaskEvaluation;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.app.dialog.Dialogs.FileType;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** What a mask costs on a text and on tasks, next to random masks like it. */
public final class MaskEvaluationModel {
    private final Workbench bench;
    private final AnalysisRun run;
    private final StringProperty text = new SimpleStringProperty(this, "text", "");
    private final ObjectProperty<@Nullable Path> file = new SimpleObjectProperty<>(this, "file");
    private final ObservableSet<String> tasks = FXCollections.observableSet(new LinkedHashSet<>());
    private final StringProperty examples = new SimpleStringProperty(this, "examples", "100");
    private final StringProperty controls = new SimpleStringProperty(this, "controls", "3");

    /** @param bench what all views share */
    public MaskEvaluationModel(Workbench bench) {
        this.bench = bench;
        this.run = new AnalysisRun(bench.services());
        bench.modelProperty().subscribe(run::clear);
    }

    Workbench bench() {
        return bench;
    }

    /** The evaluation of the mask on the table. */
    public AnalysisRun run() {
        return run;
    }

    /** The text whose tokens are predicted, as it is typed. */
    public StringProperty textProperty() {
        return text;
    }

    /** A file that is read instead of the text; null for none. */
    public ObjectProperty<@Nullable Path> fileProperty() {
        return file;
    }

    /** Ids of the tasks that are asked. */
    public ObservableSet<String> tasks() {
        return tasks;
    }

    static List<TaskGenerator> allTasks() {
        return TaskRegistry.all();
    }

    /** How many examples of each task. */
    public StringProperty examplesProperty() {
        return examples;
    }

    /** How many random masks. */
    public StringProperty controlsProperty() {
        return controls;
    }

    /** Asks for a file to read instead of the text. */
    public void chooseFile() {
        FileType type = new FileType(Messages.get("mask.evaluate.files"), "*");
        bench.services()
                .dialogs()
                .openFile(Messages.get("mask.evaluate.file"), type)
                .ifPresent(file::set);
    }

    /** Evaluates the mask on the table. */
    public void start() {
        OpenModel model = bench.modelProperty().get();
        if (model != null) {
            start(run, model, bench.settings(model).mask());
        }
    }

    /** Evaluates a mask with what is set here. */
    void start(AnalysisRun where, OpenModel model, HeadMask mask) {
        where.start(new AnalysisCall(
                model, bench.settings(mask), bench.services().analyses().get(MaskEvaluation.ID), texts()));
    }

    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        Path from = file.get();
        if (from != null) {
            texts.put("file", from.toString());
        } else if (!text.get().isBlank()) {
            texts.put("text", text.get());
        }
        if (!tasks.isEmpty()) {
            texts.put("tasks", tasks.stream().sorted().collect(Collectors.joining(",")));
            texts.put("count", examples.get());
        }
        texts.put("controls", controls.get());
        return texts;
    }
}
