package org.headscope.analysis.train;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.headscope.hooks.io.AtomicFile;

/** Writes a canvas as PNG (ISO/IEC 15948): three bytes per dot, one block of compressed data, no filters. */
final class PngFile {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    /** Eight bits per colour; true colour; the only compression, filtering and order there are. */
    private static final byte[] FORMAT = {8, 2, 0, 0, 0};

    private PngFile() {}

    static void write(Canvas canvas, Path file) {
        AtomicFile.write(file, out -> write(canvas, new DataOutputStream(out)));
    }

    private static void write(Canvas canvas, DataOutputStream out) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream sizes = new DataOutputStream(header);
        sizes.writeInt(canvas.width());
        sizes.writeInt(canvas.height());
        sizes.write(FORMAT);
        out.write(SIGNATURE);
        chunk(out, "IHDR", header.toByteArray());
        chunk(out, "IDAT", pixels(canvas));
        chunk(out, "IEND", new byte[0]);
    }

    private static byte[] pixels(Canvas canvas) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (OutputStream compressed = new DeflaterOutputStream(data)) {
            for (int y = 0; y < canvas.height(); y++) {
                compressed.write(row(canvas, y));
            }
        }
        return data.toByteArray();
    }

    /** A zero for "no filter", then red, green and blue of each dot. */
    private static byte[] row(Canvas canvas, int y) {
        byte[] row = new byte[1 + 3 * canvas.width()];
        for (int x = 0; x < canvas.width(); x++) {
            int color = canvas.at(x, y);
            row[1 + 3 * x] = (byte) (color >> 16);
            row[2 + 3 * x] = (byte) (color >> 8);
            row[3 + 3 * x] = (byte) color;
        }
        return row;
    }

    private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 check = new CRC32();
        check.update(name);
        check.update(data);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) check.getValue());
    }
}
