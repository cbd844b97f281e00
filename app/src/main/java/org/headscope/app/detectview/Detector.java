package org.headscope.app.detectview;

import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.app.form.FormField;
import org.headscope.app.form.FormViewModel;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;

/** An analysis that finds a number for every head, with the parameters it will run with. */
public final class Detector {
    private final Analysis<?, ?> analysis;
    private final FormViewModel form;
    private final BooleanProperty ticked;
    private final BooleanProperty open = new SimpleBooleanProperty(this, "open");

    Detector(Analysis<?, ?> analysis, boolean ticked) {
        this.analysis = analysis;
        this.form = new FormViewModel(analysis);
        this.ticked = new SimpleBooleanProperty(this, "ticked", ticked);
    }

    public AnalysisInfo info() {
        return analysis.info();
    }

    public FormViewModel form() {
        return form;
    }

    /** Whether the next run includes it. */
    public BooleanProperty tickedProperty() {
        return ticked;
    }

    /** Whether its form is in sight. */
    public BooleanProperty openProperty() {
        return open;
    }

    /** Checks the form and opens it when something in it is wrong. */
    Optional<ParameterException> check() {
        Optional<ParameterException> wrong = form.check();
        wrong.ifPresent(refused -> open.set(true));
        return wrong;
    }

    AnalysisCall call(OpenModel model, RunSettings settings) {
        return new AnalysisCall(model, settings, analysis, form.texts());
    }

    /** A parameter named prompt follows the prompt on the table until something else is typed. */
    void promptChanged(String before, String now) {
        form.field("prompt")
                .map(FormField::textProperty)
                .filter(text -> text.get().isEmpty() || text.get().equals(before))
                .ifPresent(text -> text.set(now));
    }
}
