package org.headscope.analysis.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.spi.ParameterSpec;
import org.headscope.analysis.spi.ParameterType;
import org.headscope.hooks.config.Dims;

/**
 * Fills the parameters of any analysis from nothing but their declarations, as a person would who has read the labels.
 *
 * @param specs what is declared
 * @param dims of the model
 * @param length tokens of every prompt
 */
record AnyParameters(List<ParameterSpec> specs, Dims dims, int length) {
    private static final List<String> OTHER_PROMPTS = List.of("corrupt", "other", "counterfactual", "source");
    private static final List<String> OTHER_TOKENS = List.of("foil", "wrong", "corrupt");

    /** What must be given, the least of it, and numbers at their smallest. */
    Map<String, String> least() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (ParameterSpec spec : specs) {
            if (spec.type() == ParameterType.INTEGER && spec.min() > Integer.MIN_VALUE) {
                texts.put(spec.flag(), Long.toString((long) Math.ceil(spec.min())));
            } else if (spec.required()) {
                texts.put(spec.flag(), any(spec));
            }
        }
        return texts;
    }

    /** What must be given; the rest as declared. */
    Map<String, String> defaults() {
        return specs.stream()
                .filter(ParameterSpec::required)
                .collect(Collectors.toMap(ParameterSpec::flag, this::any, (a, b) -> a, LinkedHashMap::new));
    }

    /** The least, and everything that may be left out. */
    Map<String, String> full() {
        Map<String, String> texts = least();
        for (ParameterSpec spec : specs) {
            boolean empty = spec.defaultText() != null && spec.defaultText().isEmpty();
            if (spec.optional() || empty) {
                texts.put(spec.flag(), any(spec));
            }
        }
        return texts;
    }

    /** The least, and every prompt that may be left out: some methods take either a task or prompts. */
    Map<String, String> prompts() {
        Map<String, String> texts = least();
        specs.stream()
                .filter(spec -> spec.optional() && spec.type() == ParameterType.PROMPT)
                .forEach(spec -> texts.put(spec.flag(), any(spec)));
        return texts;
    }

    /** The least with each word of each choice, and with each flag turned over. */
    List<Map<String, String>> choices() {
        List<Map<String, String>> all = new ArrayList<>();
        for (ParameterSpec spec : specs) {
            List<String> words = spec.type() == ParameterType.BOOLEAN ? List.of("true", "false") : spec.choices();
            for (String word : words) {
                if (!word.equals(spec.defaultText())) {
                    Map<String, String> few = least();
                    few.put(spec.flag(), word);
                    Map<String, String> many = full();
                    many.put(spec.flag(), word);
                    all.add(few);
                    all.add(many);
                }
            }
        }
        return all;
    }

    private String any(ParameterSpec spec) {
        return switch (spec.type()) {
            case PROMPT -> prompt(spec);
            case CHOICE -> spec.choices().get(0);
            case BOOLEAN -> "true";
            case INTEGER, INTEGERS -> spec.min() > Integer.MIN_VALUE ? Long.toString((long) spec.min()) : "1";
            case NUMBER -> Double.toString(Math.min(Math.max(0.5, spec.min()), spec.max()));
            case TEXT, TEXTS -> spec.label().toLowerCase(Locale.ROOT).contains("prompt") ? ids(0) : "0.0";
        };
    }

    private String prompt(ParameterSpec spec) {
        String words = (spec.name() + " " + spec.label() + " " + spec.help()).toLowerCase(Locale.ROOT);
        String name = spec.name().toLowerCase(Locale.ROOT);
        boolean token = words.contains("next token") || words.contains("token whose") || words.contains("ids:n");
        if (token && !name.equals("text")) {
            return "ids:" + (OTHER_TOKENS.stream().anyMatch(name::contains) ? dims.vocab() - 1 : dims.vocab() - 2);
        }
        return ids(OTHER_PROMPTS.stream().anyMatch(name::contains) ? 1 : 0);
    }

    /** Two copies of a few tokens; another one in the middle of the first copy when {@code change} is 1. */
    private String ids(int change) {
        int period = Math.max(1, (length + 1) / 2);
        int[] ids = IntStream.range(0, length)
                .map(p -> 1 + p % period % (dims.vocab() - 2))
                .toArray();
        int changed = period / 2;
        ids[changed] = (ids[changed] + 2 * change) % dims.vocab();
        return IntStream.of(ids).mapToObj(String::valueOf).collect(Collectors.joining(",", "ids:", ""));
    }
}
