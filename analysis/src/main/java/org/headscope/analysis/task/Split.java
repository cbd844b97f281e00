package org.headscope.analysis.task;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/** Which part of a task's examples: those to learn from, or those never learned from. */
public enum Split {
    /** Nine in ten. */
    TRAIN,
    /** One in ten, chosen by its words in their roles, so that no combination is in both. */
    HELD_OUT;

    private static final int PARTS = 10;

    /** {@return its name as it is typed, such as {@code held-out}} */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Tells where a combination belongs; the same in every run and on every machine.
     *
     * @param role the words of an example in their roles
     * @return its part
     */
    public static Split of(String role) {
        CRC32 hash = new CRC32();
        hash.update(role.getBytes(StandardCharsets.UTF_8));
        return hash.getValue() % PARTS == 0 ? HELD_OUT : TRAIN;
    }
}
