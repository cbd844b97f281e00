package org.headscope.app.patch;

import java.util.List;
import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.headscope.app.control.token.TokenPairStrip;
import org.headscope.app.control.token.TokenScroll;
import org.headscope.app.form.FormField;
import org.headscope.app.form.FormViewModel;
import org.headscope.app.form.ParameterForm;
import org.headscope.app.patch.PatchViewModel.Breadth;
import org.headscope.app.task.TaskPicker;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.ConditionsBar;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.RunBar;
import org.headscope.app.workbench.Segments;

/** Two prompts on the left with how they compare, the effect of every patch on the right as it is found. */
public final class PatchView implements WorkView {
    private static final PseudoClass UNALIGNED = PseudoClass.getPseudoClass("unaligned");
    private static final List<String> PROMPTS = List.of("clean", "corrupt");
    private final PatchViewModel model;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public PatchView(PatchViewModel model, Node empty) {
        this.model = model;
        Node outcome = new OutcomePane(model);
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
        Segments<Breadth> breadth = new Segments<>(
                List.of(Breadth.ONE, Breadth.EVERY),
                now -> now == Breadth.ONE ? Messages.get("patch.one") : Messages.get("patch.every"),
                model.breadthProperty());
        breadth.setId("breadth");
        VBox left = new VBox(
                new TaskPicker(model.tasks()),
                new ParameterForm(fields(model.form(), true)),
                tokens(),
                comparison(),
                breadth,
                parameters());
        left.getStyleClass().addAll("half", "patch-setup");
        ScrollPane scroll = new ScrollPane(left);
        scroll.getStyleClass().add("setup");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        // Below what scrolls, so that it is at hand however long the prompts are.
        VBox setup = new VBox(
                scroll,
                new RunBar(model.run(), model::start),
                new ConditionsBar(model.bench()),
                new ErrorLabel(model.run().errorProperty()));
        setup.getStyleClass().add("half");
        setup.setPrefWidth(390);
        setup.setMinWidth(VBox.USE_PREF_SIZE); // it does not move when the other side gets something wide
        return setup;
    }

    private Node parameters() {
        Node one = new ParameterForm(fields(model.form(), false));
        Node every = new ParameterForm(fields(model.everyForm(), false));
        StackPane shown = new StackPane();
        model.breadthProperty().subscribe(now -> shown.getChildren().setAll(now == Breadth.ONE ? one : every));
        return shown;
    }

    private static List<FormField> fields(FormViewModel form, boolean prompts) {
        return form.fields().stream()
                .filter(field -> PROMPTS.contains(field.spec().name()) == prompts)
                .toList();
    }

    private Node tokens() {
        TokenPairStrip strip = new TokenPairStrip(model.pair().tokens());
        strip.setId("pair-tokens");
        TokenScroll scroll = new TokenScroll(strip);
        scroll.getStyleClass().add("pair-scroll");
        model.pair()
                .tokens()
                .pairProperty()
                .subscribe(pair -> scroll.setVisible(!pair.columns().isEmpty()));
        scroll.managedProperty().bind(scroll.visibleProperty());
        return scroll;
    }

    private Node comparison() {
        Label text = line("comparison", model.pair().wordsProperty());
        text.getStyleClass().add("comparison");
        text.managedProperty().bind(text.textProperty().isNotEmpty());
        model.pair().alignedProperty().subscribe(aligned -> text.pseudoClassStateChanged(UNALIGNED, !aligned));
        return text;
    }

    static Label line(String id, ObservableValue<String> text) {
        Label line = new Label();
        line.setId(id);
        line.setWrapText(true);
        line.setMinHeight(Label.USE_PREF_SIZE);
        line.textProperty().bind(text);
        return line;
    }
}
