/** The module that a page embeds: `<script type="module" src="…/embed/v1/widget.js">`. */
import "./elements/wait.ts";
import "./elements/composer.ts";
import "./elements/report.ts";
import "./elements/comment.ts";
import "./elements/thread.ts";
