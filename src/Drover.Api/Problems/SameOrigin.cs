using Microsoft.AspNetCore.Http;

namespace Drover.Api.Problems;

/// <summary>
/// Without authentication, reaching the API is the permission: a web page of another site, open in the operator's browser, must not have it.
/// Browsers name the page's origin with every request that changes something.
/// </summary>
internal static class SameOrigin
{
    public static Task Require(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var origin = request.Headers.Origin.ToString();
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || origin == "" || origin == $"{request.Scheme}://{request.Host}")
            return next(context);
        return Problem.Of(StatusCodes.Status403Forbidden, Problem.CodeOf(403), $"Pages of {origin} may not give commands here.").ExecuteAsync(context);
    }
}
