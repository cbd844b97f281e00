package org.headscope.analysis.spi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares one parameter of an analysis, on a component of its parameter record. A component marked {@code @Nullable}
 * may be left out and is then null; every other component needs a default or must be given.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Param {
    /** Stands for "there is no default: it must be given". */
    String REQUIRED = "\u0000required";

    /** {@return what to call it in a form, in sentence case} */
    String label();

    /** {@return unit of its number, such as {@code tokens}; empty for none} */
    String unit() default "";

    /** {@return smallest number allowed; for a list, of each entry} */
    double min() default Double.NEGATIVE_INFINITY;

    /** {@return largest number allowed; for a list, of each entry} */
    double max() default Double.POSITIVE_INFINITY;

    /** {@return where the words come from that a text parameter accepts; {@link ChoiceSource.Any} for any text} */
    Class<? extends ChoiceSource> choices() default ChoiceSource.Any.class;

    /** {@return its default as it would be typed on the command line} */
    String defaultValue() default REQUIRED;

    /** {@return one sentence on what it does} */
    String help();
}
