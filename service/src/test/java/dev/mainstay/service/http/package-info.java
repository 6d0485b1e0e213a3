/// Tests of the HTTP API.
@NullMarked
package dev.mainstay.service.http;

import org.jspecify.annotations.NullMarked;
