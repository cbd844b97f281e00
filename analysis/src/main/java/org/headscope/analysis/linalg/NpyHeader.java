package org.headscope.analysis.linalg;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text header of a NumPy file: a Python dictionary with exactly three keys. */
record NpyHeader(NpyType type, ByteOrder order, boolean fortranOrder, List<Integer> shape) {
    private static final Pattern ENTRY = Pattern.compile(
            "\\s*'(descr|fortran_order|shape)'\\s*:" + "\\s*('[^']*'|True|False|\\([0-9,\\s]*\\))\\s*(,|(?=}))");
    private static final Pattern SIZE = Pattern.compile("\\s*([0-9]{1,10})\\s*");

    static NpyHeader parse(String text) {
        String body = text.strip();
        if (!body.startsWith("{") || !body.endsWith("}")) {
            throw new NpyException("its header is not a dictionary: '" + shorten(body) + "'.");
        }
        Matcher entries = ENTRY.matcher(body).region(1, body.length());
        List<String> keys = new ArrayList<>();
        String descr = "";
        String order = "";
        String shape = "";
        while (entries.lookingAt()) {
            keys.add(entries.group(1));
            switch (entries.group(1)) {
                case "descr" -> descr = entries.group(2);
                case "shape" -> shape = entries.group(2);
                default -> order = entries.group(2);
            }
            entries.region(entries.end(), body.length());
        }
        boolean closed = body.substring(entries.regionStart()).strip().equals("}");
        if (!closed || !keys.stream().sorted().toList().equals(List.of("descr", "fortran_order", "shape"))) {
            throw new NpyException(
                    "its header needs descr, fortran_order and shape once each: '" + shorten(body) + "'.");
        }
        return new NpyHeader(typeOf(descr), orderOf(descr), flagOf(order), shapeOf(shape));
    }

    private static NpyType typeOf(String descr) {
        String code = descr.startsWith("'<") || descr.startsWith("'>") ? descr.substring(2, descr.length() - 1) : "";
        return Arrays.stream(NpyType.values())
                .filter(type -> type.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new NpyException("its numbers are of type " + shorten(descr)
                        + "; readable are '<f4', '<f8' and '<i8'. Convert with array.astype('float32')."));
    }

    private static ByteOrder orderOf(String descr) {
        return descr.charAt(1) == '<' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    private static boolean flagOf(String order) {
        if (!order.equals("True") && !order.equals("False")) {
            throw new NpyException("its fortran_order is " + shorten(order) + ", neither True nor False.");
        }
        return order.equals("True");
    }

    /** Reads {@code (2, 3)}, {@code (2,)} or {@code ()}. */
    private static List<Integer> shapeOf(String shape) {
        if (!shape.startsWith("(")) {
            throw new NpyException("its shape is " + shorten(shape) + ", not a tuple.");
        }
        String inside = shape.substring(1, shape.length() - 1).strip();
        if (inside.isEmpty()) {
            return List.of();
        }
        boolean oneTuple = inside.endsWith(",");
        List<Integer> sizes = new ArrayList<>();
        for (String part : (oneTuple ? inside.substring(0, inside.length() - 1) : inside).split(",", -1)) {
            Matcher size = SIZE.matcher(part);
            if (!size.matches() || Long.parseLong(size.group(1)) > Integer.MAX_VALUE) {
                throw new NpyException("its shape " + shorten(shape) + " is not a tuple of sizes.");
            }
            sizes.add(Integer.valueOf(size.group(1)));
        }
        if (sizes.size() == 1 && !oneTuple) {
            throw new NpyException("its shape " + shorten(shape) + " is not a tuple: a single size is written (n,).");
        }
        return sizes;
    }

    private static String shorten(String text) {
        return text.length() <= 120 ? text : text.substring(0, 120) + "...";
    }

    /** The header as NumPy writes it, padded so that the numbers start at a multiple of 64 bytes. */
    static byte[] write(NpyType type, List<Integer> shape) {
        String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
        String tuple = "(" + sizes + (shape.size() == 1 ? ",)" : ")");
        String text = "{'descr': '<" + type.code() + "', 'fortran_order': False, 'shape': " + tuple + ", }";
        int unpadded = NpyFile.PREFIX_BYTES + text.length() + 1;
        int padding = (64 - unpadded % 64) % 64;
        return (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
