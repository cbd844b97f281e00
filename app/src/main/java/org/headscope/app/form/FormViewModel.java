package org.headscope.app.form;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterException;

/** The parameters of an analysis as a form: fields by declaration, each with what was wrong with it. */
public final class FormViewModel {
    private final ParameterBinder<?> binder;
    private final List<FormField> fields;

    /** @param analysis whose parameters are asked for */
    public FormViewModel(Analysis<?, ?> analysis) {
        this.binder = ParameterBinder.of(analysis.parameters());
        this.fields = binder.specs().stream().map(FormField::new).toList();
    }

    public List<FormField> fields() {
        return fields;
    }

    /** @return the field of a parameter, by its name in the record */
    public Optional<FormField> field(String name) {
        return fields.stream().filter(field -> field.spec().name().equals(name)).findFirst();
    }

    /** @return what differs from the defaults, by flag */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        fields.stream()
                .filter(FormField::given)
                .forEach(field ->
                        texts.put(field.spec().flag(), field.textProperty().get()));
        return texts;
    }

    /**
     * Checks what was filled in and marks the field that is wrong.
     *
     * @return what is wrong, empty when the analysis can run
     */
    public Optional<ParameterException> check() {
        try {
            binder.bind(texts());
            return Optional.empty();
        } catch (ParameterException e) {
            fields.stream()
                    .filter(field -> field.spec().flag().equals(e.parameter()))
                    .forEach(field -> field.refuse(String.valueOf(e.getMessage())));
            return Optional.of(e);
        }
    }
}
