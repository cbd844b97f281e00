package org.headscope.analysis.mask;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headscope.analysis.spi.ParameterException;

/** Heads as people write them: {@code 9.6} is head 6 of layer 9. */
public final class HeadList {
    private static final Pattern HEAD = Pattern.compile("\\s*(\\d{1,5})\\.(\\d{1,5})\\s*");

    private HeadList() {}

    /**
     * Reads heads.
     *
     * @param parameter name of the parameter they are given in
     * @param texts one head each
     * @param shape of the model; give the number of key-value heads where those are meant
     * @return the heads, at least one
     * @throws ParameterException naming the first that is no head of the model, or that there is none
     */
    public static List<MaskUnit> parse(String parameter, List<String> texts, MaskShape shape) {
        List<MaskUnit> heads = new ArrayList<>();
        for (String text : texts) {
            Matcher head = HEAD.matcher(text);
            if (!head.matches()
                    || Integer.parseInt(head.group(1)) >= shape.layers()
                    || Integer.parseInt(head.group(2)) >= shape.heads()) {
                throw ParameterException.refused(
                        parameter,
                        text,
                        "a head of this model as layer.head, such as 1.3; it has " + shape.layers() + " layers of "
                                + shape.heads() + " heads");
            }
            heads.add(MaskUnit.head(Integer.parseInt(head.group(1)), Integer.parseInt(head.group(2))));
        }
        if (heads.isEmpty()) {
            throw ParameterException.refused(parameter, "", "at least one head as layer.head, such as 1.3");
        }
        return heads;
    }
}
