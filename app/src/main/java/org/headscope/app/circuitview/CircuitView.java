package org.headscope.app.circuitview;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import javafx.scene.Node;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.circuitview.CircuitViewModel.Over;
import org.headscope.app.form.FormField;
import org.headscope.app.form.ParameterForm;
import org.headscope.app.task.TaskPicker;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.ConditionsBar;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.RunBar;

/** What is asked on the left, the circuit of the chosen size on the right. */
public final class CircuitView implements WorkView {
    private static final List<String> HOW = List.of("method", "steps");
    private static final List<String> EXAMPLES = List.of("count", "split");
    private final CircuitViewModel model;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public CircuitView(CircuitViewModel model, Node empty) {
        this.model = model;
        CircuitPane outcome = new CircuitPane(model);
        HBox.setHgrow(outcome, Priority.ALWAYS);
        HBox halves = new HBox(setup(), outcome);
        halves.getStyleClass().add("halves");
        this.node = new BenchPane(model.bench(), empty, halves);
    }

    @Override
    public Node node() {
        return node;
    }

    private Node setup() {
        Node pair = form(CircuitViewModel.PAIR::contains);
        Node examples = form(EXAMPLES::contains);
        model.overProperty().subscribe(over -> {
            pair.setVisible(over == Over.PAIR);
            examples.setVisible(over == Over.TASK);
        });
        VBox left = new VBox(
                over(),
                new TaskPicker(model.tasks()),
                pair,
                examples,
                form(HOW::contains),
                new RunBar(model.run(), model::start),
                new ConditionsBar(model.bench()),
                new ErrorLabel(model.run().errorProperty()));
        left.getStyleClass().add("half");
        ScrollPane scroll = new ScrollPane(left);
        scroll.getStyleClass().add("setup");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setMinWidth(330);
        scroll.setPrefWidth(350);
        return scroll;
    }

    private Node form(Predicate<String> wanted) {
        List<FormField> fields = model.form().fields().stream()
                .filter(field -> wanted.test(field.spec().name()))
                .toList();
        ParameterForm form = new ParameterForm(fields);
        form.managedProperty().bind(form.visibleProperty());
        return form;
    }

    private Node over() {
        ToggleGroup group = new ToggleGroup();
        RadioButton pair = choice(Messages.get("circuit.over.pair"), Over.PAIR, group);
        RadioButton task = choice(Messages.get("circuit.over.task"), Over.TASK, group);
        HBox row = new HBox(pair, task);
        row.getStyleClass().add("row");
        return row;
    }

    private RadioButton choice(String words, Over value, ToggleGroup group) {
        RadioButton button = new RadioButton(words);
        button.setId("over-" + value.name().toLowerCase(Locale.ROOT));
        button.setMinWidth(RadioButton.USE_PREF_SIZE);
        button.setToggleGroup(group);
        button.setOnAction(event -> model.overProperty().set(value));
        model.overProperty().subscribe(now -> button.setSelected(now == value));
        return button;
    }
}
