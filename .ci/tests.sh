# Sourced by the launcher for `mainstay test`: runs every test and counts what ran. Uses $checkout and maven().
# shellcheck shell=sh disable=SC2154

# Test counts come from the reports, not from Maven's exit code: a module whose tests were not found is green
# for Maven.
run_tests() {
    cd "$checkout" || return 1
    find . -path ./node_modules -prune -o -type d \( -name surefire-reports -o -name failsafe-reports \) -print |
        while IFS= read -r reports; do rm -rf "$reports"; done

    say "building and testing with JDK $jdk_version; Maven's output is in '$checkout/dist/target/build.log' ..."
    troubles=
    maven verify -fae -Dmaven.test.failure.ignore=true "$@" || troubles="  the build failed: see above
"
    count_reports
    find_missing_reports
    at_least=$(sed -n '/^[0-9]/{p;q;}' .ci/tests-at-least)
    if [ "$((passed + failed))" -lt "$at_least" ]; then
        troubles="$troubles  $((passed + failed)) tests ran, .ci/tests-at-least asks for $at_least
"
    fi
    [ "$failed" -eq 0 ] || list_failures
    [ "$skipped" -eq 0 ] || troubles="$troubles  $skipped tests were skipped: nothing may be skipped silently
"
    printf '%s' "$troubles" >&2
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ -z "$troubles" ]
}

# Sets $passed, $failed and $skipped from all reports; a report without its figures counts as a failure.
count_reports() {
    counts=$(find . -path '*/target/*-reports/TEST-*.xml' -exec awk '
        function figure(name,   at) {
            if (!match($0, " " name "=\"[0-9]+\"")) return -1
            at = substr($0, RSTART, RLENGTH)
            gsub(/[^0-9]/, "", at)
            return at + 0
        }
        FNR == 1 { seen = 0; files++ }
        /<testsuite / || pending { if (!seen && figure("tests") >= 0) {
            seen = 1; counted++
            bad = figure("errors") + figure("failures"); left = figure("skipped")
            passed += figure("tests") - bad - left; failed += bad; skipped += left
        } }
        { pending = (/<testsuite / || pending) && !/>/ }
        END { printf "%d %d %d\n", passed, failed + files - counted, skipped }' {} + |
        awk '{ p += $1; f += $2; s += $3 } END { printf "%d %d %d\n", p, f, s }')
    passed=${counts%% *}
    skipped=${counts##* }
    failed=${counts#* }
    failed=${failed% *}
}

# A module that has tests must have reported some, of each kind it has.
find_missing_reports() {
    for module in */; do
        module=${module%/}
        [ -d "$module/src/test/java" ] || continue
        for kind in "surefire *Test.java" "failsafe *IT.java"; do
            reports=$module/target/${kind%% *}-reports
            [ -n "$(find "$module/src/test/java" -name "${kind#* }")" ] || continue
            [ -n "$(find "$reports" -name 'TEST-*.xml' 2>/dev/null)" ] ||
                troubles="$troubles  module '$module' has tests (${kind#* }) but none ran
"
        done
    done
}

# Each failed test with the first words of what it says.
list_failures() {
    find . -path '*/target/*-reports/*.txt' -exec awk '
        # A message may begin on a later line than the name of its exception.
        named && NF { print "          " $0; named = /^[A-Za-z.$]+: *$/; next }
        /<<< (FAILURE|ERROR)!$/ && !/^Tests run/ { sub(/ -- Time elapsed.*/, ""); print "  failed: " $0; named = 1 }
        ' {} + | cut -c 1-400 | head -n 200 >&2
}
