package org.headscope.analysis.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** One component of a parameter record: its description, how to read it, and how to get it out of a record. */
final class Parameter {
    private final ParameterSpec spec;
    private final ParameterCodec codec;
    private final Method accessor;

    private Parameter(ParameterSpec spec, ParameterCodec codec, Method accessor) {
        this.spec = spec;
        this.codec = codec;
        this.accessor = accessor;
    }

    static Parameter of(RecordComponent component) {
        Param declared = component.getAnnotation(Param.class);
        if (declared == null) {
            throw wrong(component, "carries no @Param");
        }
        ParameterCodec codec = declared.choices() == ChoiceSource.Any.class
                ? ParameterCodec.of(component.getGenericType())
                : named(component, declared.choices());
        if (codec == null) {
            throw wrong(
                    component,
                    "has type " + component.getGenericType().getTypeName()
                            + "; use int, long, double, boolean, String, an enum, Prompt, List<Integer> or List<String>");
        }
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        boolean hasDefault = !declared.defaultValue().equals(Param.REQUIRED);
        if (optional && (hasDefault || component.getType().isPrimitive())) {
            throw wrong(component, "is @Nullable, so it must be an object without a default");
        }
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        Parameter parameter = new Parameter(spec(component, declared, codec, optional), codec, accessor);
        parameter.checkDefault(component);
        return parameter;
    }

    private static ParameterCodec named(RecordComponent component, Class<? extends ChoiceSource> source) {
        if (component.getType() != String.class) {
            throw wrong(component, "names choices, so it must be a String");
        }
        try {
            return new ScalarCodecs.Named(source.getConstructor().newInstance().choices());
        } catch (ReflectiveOperationException e) {
            throw new DeclarationException(
                    source.getName() + " cannot be made: give it a public constructor without parameters.", e);
        }
    }

    private static ParameterSpec spec(
            RecordComponent component, Param declared, ParameterCodec codec, boolean optional) {
        boolean hasDefault = !declared.defaultValue().equals(Param.REQUIRED);
        return new ParameterSpec(
                component.getName(),
                ParameterCodec.kebab(component.getName()),
                codec.type(),
                declared.label(),
                declared.unit(),
                declared.min(),
                declared.max(),
                hasDefault ? declared.defaultValue() : null,
                optional,
                codec.choices(),
                declared.help());
    }

    private void checkDefault(RecordComponent component) {
        String text = spec.defaultText();
        if (text == null) {
            return;
        }
        try {
            parse(text);
        } catch (ParameterException e) {
            throw wrong(component, "has a default it does not accept itself: " + e.getMessage());
        }
    }

    private static DeclarationException wrong(RecordComponent component, String what) {
        return new DeclarationException("Component " + component.getName() + " of "
                + component.getDeclaringRecord().getName() + " " + what + ".");
    }

    ParameterSpec spec() {
        return spec;
    }

    /** The value when nothing was given; null only for optional ones. */
    @Nullable
    Object absent() {
        String text = spec.defaultText();
        if (text != null) {
            return parse(text);
        }
        if (spec.optional()) {
            return null;
        }
        throw ParameterException.missing(spec.flag(), spec.allowed());
    }

    Object parse(String text) {
        try {
            return inRange(codec.parse(text), text);
        } catch (IllegalArgumentException e) {
            throw refused(text);
        }
    }

    @Nullable
    Object read(JsonNode json) {
        if (json.isNull()) {
            return absent();
        }
        String text = json.isTextual() ? json.textValue() : json.toString();
        try {
            return inRange(codec.read(json), text);
        } catch (IllegalArgumentException e) {
            throw refused(text);
        }
    }

    private Object inRange(Object value, String text) {
        for (Number number : codec.numbers(value)) {
            double size = number.doubleValue();
            if (size < spec.min() || size > spec.max()) {
                throw refused(text);
            }
        }
        return value;
    }

    private ParameterException refused(String text) {
        return ParameterException.refused(spec.flag(), text, spec.allowed());
    }

    /** This component's value in a record. */
    @Nullable
    Object valueIn(Record parameters) {
        try {
            return accessor.invoke(parameters);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new DeclarationException("Cannot read " + spec.name() + " of " + parameters + ".", e);
        }
    }

    JsonNode write(Object value) {
        return codec.write(value);
    }

    String print(Object value) {
        return codec.print(value);
    }
}
