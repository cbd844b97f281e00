package org.headscope.analysis.spi;

import java.util.List;

/**
 * The words that a text parameter accepts, where they are known to a registry and not to the compiler. Named by
 * {@link Param#choices()}; an implementation is a public class with a public constructor without parameters.
 */
public interface ChoiceSource {
    /** {@return the words, as they are typed and stored, in the order in which they are offered} */
    List<String> choices();

    /** Any text is accepted. */
    final class Any implements ChoiceSource {
        /** Made by reflection only. */
        public Any() {}

        @Override
        public List<String> choices() {
            return List.of();
        }
    }
}
