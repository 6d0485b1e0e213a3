/// Tests of manifests.
@NullMarked
package dev.mainstay.service.manifest;

import org.jspecify.annotations.NullMarked;
