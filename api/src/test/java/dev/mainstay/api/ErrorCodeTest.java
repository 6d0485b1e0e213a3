package dev.mainstay.api;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.ErrorCode.Category;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The published error codes: scripts and people remember them.
///
/// `-Dmainstay.regenerate=true` writes the list again; do that for added codes only.
class ErrorCodeTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/error-codes.txt");
    private static final String SPELLING = "MST[1-9]\\d{3}";

    @Test
    void everyCodeHasTheNumberNameAndCategoryItWasPublishedWith() throws Exception {
        var codes = Arrays.stream(ErrorCode.values())
                .map(code -> code.code() + " " + code.name() + " " + code.category())
                .collect(joining("\n", "", "\n"));
        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.writeString(GOLDEN, codes);
        }

        assertThat(codes).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void everyNumberIsThereOnceAndInOrder() {
        assertThat(ErrorCode.values())
                .extracting(ErrorCode::code)
                .doesNotHaveDuplicates()
                .isSorted()
                .allMatch(code -> code.matches(SPELLING));
    }

    @Test
    void everyCategoryHasAnExitCodeAndAStatusOfItsOwn() {
        assertThat(Category.values()).extracting(Category::exitCode).isEqualTo(List.of(1, 2, 3, 4, 5, 6));
        assertThat(Category.values()).extracting(Category::httpStatus).isEqualTo(List.of(500, 400, 409, 408, 503, 504));
    }

    @ParameterizedTest
    @EnumSource
    void aClientRecognizesEveryCode(ErrorCode code) {
        var body = JsonText.line(ErrorView.of(new ClusterException(code, "it is so.", "Do that."), code.httpStatus()));
        var request = Request.get("see it", "status").build();

        var refused = Refusals.refused(request, code.httpStatus(), body);

        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused).hasMessage("it is so.");
    }
}
