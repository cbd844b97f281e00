package org.headscope.app.maskview;

import java.util.List;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.jspecify.annotations.Nullable;

/**
 * One masked part.
 *
 * @param unit the part
 * @param setting how it is masked
 */
public record MaskRow(MaskUnit unit, MaskSetting setting) {
    static List<MaskRow> of(@Nullable HeadMask mask) {
        return mask == null
                ? List.of()
                : mask.entries().entrySet().stream()
                        .map(entry -> new MaskRow(entry.getKey(), entry.getValue()))
                        .toList();
    }
}
