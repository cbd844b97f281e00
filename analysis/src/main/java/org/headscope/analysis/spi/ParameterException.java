package org.headscope.analysis.spi;

import org.headscope.hooks.HeadscopeException;

/** A parameter that was given a value it does not take, left out although it is needed, or does not exist. */
public final class ParameterException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    private final String parameter;
    private final String value;
    private final String allowed;

    private ParameterException(String message, String parameter, String value, String allowed) {
        super(message);
        this.parameter = parameter;
        this.value = value;
        this.allowed = allowed;
    }

    /**
     * A value that is not taken; analyses use it for values they can only judge with the model at hand.
     *
     * @param parameter which parameter, in kebab-case
     * @param value what was given
     * @param allowed what would be accepted, in words
     * @return the error
     */
    public static ParameterException refused(String parameter, String value, String allowed) {
        String message = "Parameter --" + parameter + " cannot be '" + value + "': give " + allowed + ".";
        return new ParameterException(message, parameter, value, allowed);
    }

    static ParameterException missing(String parameter, String allowed) {
        String message = "Parameter --" + parameter + " is missing: give " + allowed + ".";
        return new ParameterException(message, parameter, "", allowed);
    }

    static ParameterException unknown(String parameter, String known) {
        String message = "There is no parameter --" + parameter + ". "
                + (known.isEmpty() ? "This analysis takes none." : "Known: " + known + ".");
        return new ParameterException(message, parameter, "", known);
    }

    static ParameterException twice(String parameter) {
        String message = "Parameter --" + parameter + " is given twice: give it once.";
        return new ParameterException(message, parameter, "", "one value");
    }

    static ParameterException together(String values, Throwable cause) {
        String message = "These parameters do not go together: " + cause.getMessage() + " Given: " + values;
        ParameterException error = new ParameterException(message, "", values, "");
        error.initCause(cause);
        return error;
    }

    /** {@return which parameter, in kebab-case; empty when it is about several together} */
    public String parameter() {
        return parameter;
    }

    /** {@return what was given; empty when nothing was} */
    public String value() {
        return value;
    }

    /** {@return what would be accepted, in words; empty when only the message can say it} */
    public String allowed() {
        return allowed;
    }
}
