package org.headscope.hooks.run;

/**
 * Proof that a hook or an intervention really acted.
 *
 * @param label what acted, for example {@code 8.6 zero}
 * @param site where, by name
 * @param fired how many times
 * @param change largest absolute change it made to any number, 0 for hooks that only read
 */
public record Receipt(String label, String site, int fired, double change) {}
