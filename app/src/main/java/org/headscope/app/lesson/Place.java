package org.headscope.app.lesson;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A place in a lesson file: what stands there and how the place is called, so that whatever is wrong with it can be said
 * precisely.
 *
 * @param file name of the file
 * @param path such as {@code steps[2].question}; empty for the whole
 * @param node what stands there; missing when nothing does
 */
record Place(String file, String path, JsonNode node) {

    LessonException wrong(String what) {
        return new LessonException(file + (path.isEmpty() ? "" : ", " + path) + ": " + what);
    }

    LessonException wrong(String what, Throwable cause) {
        return new LessonException(file + (path.isEmpty() ? "" : ", " + path) + ": " + what, cause);
    }

    boolean isGiven() {
        return !node.isMissingNode() && !node.isNull();
    }

    /** Checks that this is an object of certain keys. */
    Place allow(String... keys) {
        if (!node.isObject()) {
            throw wrong("an object {...} is expected, not " + found() + ".");
        }
        Set<String> unknown = new TreeSet<>();
        node.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(Set.of(keys));
        if (!unknown.isEmpty()) {
            throw wrong("unknown key \"" + unknown.iterator().next() + "\". Allowed here: " + String.join(", ", keys)
                    + ".");
        }
        return this;
    }

    Place at(String key) {
        return new Place(file, path.isEmpty() ? key : path + "." + key, node.path(key));
    }

    /** The entries of a list; nothing when it is not given. */
    List<Place> each() {
        if (!isGiven()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw wrong("a list [...] is expected, not " + found() + ".");
        }
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            places.add(new Place(file, path + "[" + i + "]", node.get(i)));
        }
        return places;
    }

    /** The entries of a list that must have at least some. */
    List<Place> each(int least) {
        List<Place> places = each();
        if (places.size() < least) {
            throw wrong("a list of at least " + least + " is needed, " + places.size() + " given.");
        }
        return places;
    }

    List<String> texts() {
        return each().stream().map(Place::text).toList();
    }

    String text() {
        if (!node.isTextual() || node.asText().isEmpty()) {
            throw wrong("a text in quotes is expected, not " + found() + ".");
        }
        return node.asText();
    }

    String textOr(String otherwise) {
        return isGiven() ? text() : otherwise;
    }

    @Nullable
    String textOrNull() {
        return isGiven() ? text() : null;
    }

    double number() {
        if (!node.isNumber()) {
            throw wrong("a number is expected, not " + found() + ".");
        }
        return node.asDouble();
    }

    int count(int least) {
        if (!node.isInt() || node.asInt() < least) {
            throw wrong("a whole number of at least " + least + " is expected, not " + found() + ".");
        }
        return node.asInt();
    }

    /** One of several words. */
    <T> T oneOf(List<T> all, Function<T, String> word) {
        String given = text();
        return all.stream()
                .filter(one -> word.apply(one).equals(given))
                .findFirst()
                .orElseThrow(() -> wrong("\"" + given + "\" is not known here. Allowed: "
                        + String.join(", ", all.stream().map(word).toList()) + "."));
    }

    private String found() {
        return isGiven() ? node.toString() : "nothing";
    }
}
